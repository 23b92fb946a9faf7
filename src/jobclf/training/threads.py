"""How many threads linear algebra may use while something is learned."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def single() -> Iterator[None]:
    """Keep linear algebra to one thread; the limit before is back afterwards.

    The sums of a fit are too small to share out. OpenBLAS's threads wait for each other by
    spinning, and beside busy programs that turns a second of learning into a minute.
    """
    import scipy.linalg  # noqa: F401  # only libraries that are loaded can be limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
