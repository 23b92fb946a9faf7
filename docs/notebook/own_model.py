# %% [markdown]
# # From a DataFrame to a model of one's own
#
# Labelled postings come as a DataFrame; a calibrated model, a pipeline with a grid search, reasons
# and a picture come out. The texts are made up here so that the page runs anywhere.

# %%
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline

import jobclf

# %%
DUTIES = {
    "data_scientist": (
        "design A/B tests and measure their effect",
        "analyse churn with regression models",
        "present insights to stakeholders in dashboards",
        "build forecasts of demand in R and SQL",
        "define metrics with product managers",
    ),
    "ml_engineer": (
        "deploy models as services on Kubernetes",
        "build training pipelines with Airflow",
        "monitor models in production for drift",
        "serve predictions at low latency",
        "maintain a feature store and CI/CD for models",
    ),
}
rows = [
    {
        "text": f"Team {number} in city {number % 7}. You will "
        + ", ".join(duties[(number + step) % 5] for step in range(1 + number % 3))
        + ". We offer a pension and a kind team that learns together every week of the year, "
        "with time to read and to try new things at work, flexible hours and a good desk.",
        "label": role,
    }
    for number in range(20)
    for role, duties in DUTIES.items()
]
postings = pd.DataFrame(rows)
postings.head()

# %% [markdown]
# The classifier starts from the article, so forty postings are enough to learn from. Its
# probabilities are calibrated on postings that were held out.

# %%
model = jobclf.RoleClassifier().fit(postings["text"], postings["label"])
pd.DataFrame(model.predict_proba(postings["text"][:4]), columns=model.classes_).round(3)

# %% [markdown]
# It is a classifier like any other: in a pipeline, under cross-validation, with a grid search.

# %%
pipeline = Pipeline([("role", jobclf.RoleClassifier(calibrate=False))])
search = GridSearchCV(pipeline, {"role__max_features": [500, 2000]}, cv=2)
search.fit(postings["text"], postings["label"])
search.best_params_, round(search.best_score_, 2)

# %% [markdown]
# A model that fits is a model of `jobclf`: it gives reasons, and its file can run nothing.

# %%
own = model.to_model()
explanation = jobclf.explain(postings["text"][1], model=own)
explanation

# %% [markdown]
# How the probability of an ML Engineer's work spreads over the two labels, in postings that were
# not learned from.

# %%
known, unseen = train_test_split(
    postings, test_size=0.5, random_state=0, stratify=postings["label"]
)
half = jobclf.RoleClassifier(calibrate=False).fit(known["text"], known["label"])
probability = pd.Series(half.predict_proba(unseen["text"])[:, 1], index=unseen.index)
figure, axes = plt.subplots()
for role, group in unseen.groupby("label"):
    axes.hist(probability[group.index], bins=10, range=(0, 1), alpha=0.6, label=role)
axes.set_xlabel("probability of ML Engineer")
axes.set_ylabel("postings")
axes.legend()
