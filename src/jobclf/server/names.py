r"""Names of uploads, made such that they lead nowhere else and mean nothing to the readers."""

_UNSAFE = dict.fromkeys([*map(chr, range(32)), *'/\\*?[]:|<>"\x7f'], "_")
_LONGEST = 120  # bytes of a part
_DEEPEST = 6  # folders within each other


def file_name(name: str) -> str:
    r"""Return the last part of a name as a file may have it.

    >>> file_name("../../etc/pass*wd"), file_name("-"), file_name("C:\\jobs\\a.PDF")
    ('pass_wd', '_-', 'a.PDF')
    >>> len(file_name("\u30de" * 200 + ".pdf").encode())  # whole letters of a name for a system
    118
    """
    return _part(name.replace("\\", "/").rsplit("/", 1)[-1])


def path_name(name: str) -> str:
    """Return a name with the folders it stands in, which must be below where it is put.

    >>> path_name("saved/../../jobs/.a.html"), path_name("/a.txt")
    ('saved/_../_../jobs/_.a.html', 'a.txt')
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part] or [""]
    return "/".join(map(_part, parts[-_DEEPEST:]))


def _part(part: str) -> str:
    plain = "".join(_UNSAFE.get(letter, letter) for letter in part)
    plain = plain.encode("utf-8", "replace")[-_LONGEST:].decode(errors="ignore").strip()
    return f"_{plain}" if plain[:1] in {"", "-", "."} else plain
