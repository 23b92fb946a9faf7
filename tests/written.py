"""Postings written for the tests: sentences put together from parts, the same ones every time."""

import random
from pathlib import Path

from jobclf.roles import Role

_PARTS = {
    Role.DATA_SCIENTIST: (
        "explore analyze visualize explain compare estimate forecast test interpret summarize",
        "churn,demand,pricing,customer surveys,clinical outcomes,claims,traffic,retention,"
        "campaign results,credit risk",
        "regression,hypothesis tests,causal inference,bayesian statistics,experiments,"
        "time series,clustering,data visualization,a/b tests,statistical analysis",
        "managers,product owners,clinicians,economists,the board,marketing,sales,auditors,"
        "policy makers,store leads",
    ),
    Role.ML_ENGINEER: (
        "deploy serve containerize scale monitor automate maintain optimize package release",
        "ranking models,training pipelines,feature stores,inference services,model registries,"
        "streaming jobs,recommendation systems,vision models,speech models,batch scoring",
        "kubernetes,docker,terraform,ci/cd,airflow,c++ services,production monitoring,"
        "gpu clusters,kafka,unit tests",
        "mobile apps,web search,payment gateways,robots,call centers,warehouses,ad auctions,"
        "game servers,sensors,edge devices",
    ),
    Role.OTHER: (
        "sell plan repair teach inspect deliver negotiate translate cook schedule",
        "office chairs,school lessons,hotel rooms,truck routes,building permits,legal contracts,"
        "garden tools,train tickets,winter coats,kitchen menus",
        "phone calls,paper forms,hand tools,weekly visits,a driving licence,patience,"
        "good handwriting,price lists,safety rules,shift plans",
        "families,tenants,drivers,pupils,guests,farmers,tourists,neighbours,shop owners,"
        "choir members",
    ),
}


def posting(role: Role, number: int, sentences: int = 12) -> str:
    """Return the text of one posting; the same role and number give the same text."""
    chance = random.Random(f"{role} {number}")  # noqa: S311
    verbs, things, means, people = (
        part.split(",") if "," in part else part.split() for part in _PARTS[role]
    )
    return "\n".join(
        f"- {chance.choice(verbs)} {chance.choice(things)} with {chance.choice(means)} "
        f"for {chance.choice(people)} and {chance.choice(people)}"
        for _ in range(sentences)
    )


def folder(path: Path, *, scientists: int = 12, engineers: int = 12, others: int = 8) -> Path:
    """Write a folder of labelled postings and return it."""
    counts = {
        Role.DATA_SCIENTIST: scientists,
        Role.ML_ENGINEER: engineers,
        Role.OTHER: others,
    }
    for role, count in counts.items():
        (path / role).mkdir(parents=True)
        for number in range(count):
            (path / role / f"{number:04}.txt").write_text(posting(role, number), encoding="utf-8")
    return path


def between(number: int = 1, sentences: int = 13) -> list[str]:
    """Return postings from all but Data Scientist to all but ML Engineer; some are doubtful."""
    return [
        "\n".join(
            [
                posting(Role.ML_ENGINEER, number, part),
                posting(Role.DATA_SCIENTIST, number, sentences - part),
            ]
        )
        for part in range(1, sentences)
    ]
