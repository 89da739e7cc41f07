"""How much a file may ask for before it is refused."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Caps on a file and on the process that reads it.

    Parameters
    ----------
    file_bytes : of the file as it was sent
    members : files in an archive
    ratio : uncompressed to compressed bytes of a member larger than 1 MiB; deflate reaches 1032
    unpacked_bytes : of all members together
    rows, columns, cells : of one table
    vertices : of one geometry, counted before anything looks at its validity
    all_vertices : of all geometries of a table
    memory_bytes : address space of the reading process
    seconds : its time, on the clock and on the processor
    result_bytes : of the largest file that it may write
    """

    file_bytes: int = 64 * MIB
    members: int = 1000
    ratio: int = 250
    unpacked_bytes: int = 512 * MIB
    rows: int = 200_000
    columns: int = 500
    cells: int = 4_000_000
    vertices: int = 100_000
    all_vertices: int = 2_000_000
    memory_bytes: int = 900 * MIB
    seconds: int = 60
    result_bytes: int = 256 * MIB


DEFAULT_LIMITS = Limits()
