"""Parquet read in record batches, no row group ever whole in memory."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from jobclf import limits
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables import parquet_pages
from jobclf.tables.columns import check_width
from jobclf.tables.sheets import column_names
from jobclf.tables.streams import ahead, first_line, reading

_PAGES = 1 << 20  # bytes of a Parquet column read at once
_TRIED = 64  # rows of a row group that tell what its dictionaries hold


def opened(stream: BinaryIO, name: str) -> Any:
    """Open a Parquet file; only its columns are looked at."""
    import pyarrow as pa

    try:
        file = _file(stream)
        names = file.schema_arrow.names
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        fact = "a name of a column is no UTF-8" if isinstance(error, UnicodeDecodeError) else ""
        raise DatasetError(
            f"it is no Parquet file: {fact or first_line(error)}",
            "write it again",
            reason=Reason.DAMAGED,
            path=name,
        ) from None
    check_width(names, name)
    return file


def _file(stream: Any, **options: Any) -> Any:
    from pyarrow import parquet

    # Row groups may be larger than memory: their columns are read page by page.
    return parquet.ParquetFile(stream, buffer_size=_PAGES, pre_buffer=False, **options)


class Groups:
    """Row groups of a Parquet file while they are read.

    Cells that repeat are kept once in a file, and many times in memory: a kilobyte may hold a
    thousand rows of megabytes. Where that could be so, cells are unpacked a few rows at a time.
    """

    def __init__(self, file: Any, stream: BinaryIO, name: str, wanted: Sequence[int]) -> None:
        self._file, self._stream, self._name, self._wanted = file, stream, name, list(wanted)
        self._rows = sum(file.metadata.row_group(at).num_rows for at in self._wanted)
        self._packed: Any = None
        self._read = 0
        own = file.schema_arrow
        names = column_names(own.names, [True] * len(own.names))
        self._names = None if names == own.names else [str(each) for each in names]
        self.schema = self._named(own.empty_table()).schema

    def _named(self, batch: Any) -> Any:
        """Return a batch with a name of its own for each column."""
        return batch if self._names is None else batch.rename_columns(self._names)

    def share(self) -> float:
        """Return the share of the rows that has been read."""
        return self._read / self._rows if self._rows else 1.0

    def batches(self) -> Iterator[tuple[Any, dict[int, PostingError]]]:
        """Yield the rows as record batches."""
        found = self._batches()
        with reading(self._name):
            for batch in ahead(found) if "://" in self._name else found:
                self._read += batch.num_rows
                yield self._named(batch), {}

    def _batches(self) -> Iterator[Any]:
        chunks = None if "://" in self._name else parquet_pages.chunks(self._stream)
        for group in self._wanted:
            head = self._file.metadata.row_group(group)
            if chunks is not None:
                parquet_pages.check(chunks[group], self._stream)
            each = head.total_byte_size // max(head.num_rows, 1)
            at_once = max(1, min(limits.BATCH_ROWS, limits.BATCH // max(each, 1)))
            if self._most(group, at_once) <= limits.PARQUET_BATCH:
                yield from self._file.iter_batches(at_once, row_groups=[group], use_threads=False)
            else:
                for batch in self._packed.iter_batches(
                    at_once, row_groups=[group], use_threads=False
                ):
                    yield from self._unpacked(batch)

    def _most(self, group: int, at_once: int) -> int:
        """Return how many bytes some rows may have at most, if their cells repeat."""
        import pyarrow as pa

        if self._packed is None:
            schema = self._file.metadata.schema
            paths = [schema.column(at).path for at in range(len(schema))]
            self._packed = _file(self._stream, metadata=self._file.metadata, read_dictionary=paths)
        tried = self._packed.iter_batches(_TRIED, row_groups=[group], use_threads=False)
        first = next(tried, None)
        head, most = self._file.metadata.row_group(group), 0
        leaves = (head.column(at) for at in range(head.num_columns))  # which have been read
        values = {each.path_in_schema.split(".")[0]: each.num_values for each in leaves}
        for name, array in zip(first.schema.names, first.columns, strict=True) if first else ():
            nested = not pa.types.is_dictionary(array.type)
            # A single row may have all the values of a list.
            most += _longest(array) * (values.get(name, limits.BATCH) if nested else at_once)
        return most

    def _unpacked(self, batch: Any) -> Iterator[Any]:
        """Yield rows of a batch with its cells unpacked, as many at a time as memory allows."""
        import pyarrow as pa

        size = sum(map(_size, batch.columns))
        if size > limits.PARQUET_BATCH and batch.num_rows > 1:
            half = batch.num_rows // 2
            yield from self._unpacked(batch.slice(0, half))
            yield from self._unpacked(batch.slice(half))
            return
        if size > limits.PARQUET_ROW:
            raise DatasetError(
                f"a row has over {limits.PARQUET_ROW >> 20} MB",
                "leave out columns or rows",
                reason=Reason.TOO_LARGE,
                path=self._name,
            )
        schema = self._file.schema_arrow
        columns = [
            array.cast(field.type) for array, field in zip(batch.columns, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _longest(array: Any) -> int:
    """Return how many bytes the longest value has that an array keeps once."""
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_dictionary(array.type):
        if not _is_text(array.type.value_type):
            return 0
        return int(compute.max(compute.binary_length(array.dictionary)).as_py() or 0)
    return max(map(_longest, _inner(array)), default=0)


def _size(array: Any) -> int:
    """Return how many bytes an array has once it is unpacked."""
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_dictionary(array.type) and _is_text(array.type.value_type):
        lengths = compute.binary_length(array.dictionary)
        return int(compute.sum(lengths.take(array.indices)).as_py() or 0)
    inner = _inner(array)
    return sum(map(_size, inner)) if inner else int(array.nbytes)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def _inner(array: Any) -> list[Any]:
    """Return the arrays that a nested one is made of, those of its rows alone."""
    import pyarrow as pa

    if pa.types.is_struct(array.type):
        return list(array.flatten())
    if pa.types.is_map(array.type):
        return [array.keys, array.items]
    return [array.flatten()] if pa.types.is_nested(array.type) else []
