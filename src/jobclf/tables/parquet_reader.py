"""Parquet read in record batches, no row group ever whole in memory."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from jobclf.errors import DatasetError, PostingError
from jobclf.tables.columns import check_width
from jobclf.tables.rows import MOST_BYTES, MOST_ROWS
from jobclf.tables.streams import ahead, arrow, first_line, reading

_PAGES = 1 << 20  # bytes of a Parquet column read at once


def opened(stream: BinaryIO, name: str) -> Any:
    """Open a Parquet file; only its columns are looked at."""
    pa = arrow("Parquet")
    from pyarrow import parquet

    try:
        # Row groups may be larger than memory: their columns are read page by page.
        file = parquet.ParquetFile(stream, buffer_size=_PAGES, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise DatasetError(f"{name} is no Parquet file: {first_line(error)}") from None
    check_width(file.schema_arrow.names, name)
    return file


class Groups:
    """Row groups of a Parquet file while they are read."""

    def __init__(self, file: Any, name: str, wanted: Sequence[int]) -> None:
        self._file, self._name, self._wanted = file, name, list(wanted)
        heads = [file.metadata.row_group(at) for at in self._wanted]
        self._rows = sum(head.num_rows for head in heads)
        size = sum(head.total_byte_size for head in heads)
        self._at_once = max(1, min(MOST_ROWS, MOST_BYTES * self._rows // max(size, 1)))
        self._read = 0

    def share(self) -> float:
        """Return the share of the rows that has been read."""
        return self._read / self._rows if self._rows else 1.0

    def batches(self) -> Iterator[tuple[Any, dict[int, PostingError]]]:
        """Yield the rows as record batches."""
        with reading(self._name):
            batches = self._file.iter_batches(
                self._at_once, row_groups=self._wanted, use_threads=False
            )
            for batch in ahead(batches) if "://" in self._name else batches:
                self._read += batch.num_rows
                yield batch, {}
