"""The words that lists use for where a site stands, and the kind of event that each of them tells of."""

import re
import unicodedata

from gis.domain.lifecycle import EVENT_KINDS, RETRACTION

#: Kinds that a word may name; a retraction is not a state of a site.
STATUS_KINDS = tuple(kind for kind in EVENT_KINDS if kind != RETRACTION)
_WORDS = {
    "recorded": "terdata tercatat aktif beroperasi buka masih-aktif masih-beroperasi masih-buka "
    "belum-ditutup belum-tutup active operating open existing",
    "verified": "verifikasi terverifikasi diverifikasi",
    "socialised": "sosialisasi disosialisasikan tersosialisasi socialized",
    "postponed": "ditunda tertunda penundaan",
    "decreed": "sk perda sk-perda sk-terbit ditetapkan surat-keputusan decree",
    "halted": "dihentikan terhenti sengketa",
    "closed": "ditutup tutup penutupan deklarasi-penutupan dideklarasikan-ditutup dibongkar closure closing",
    "assisted": "bantuan dibantu pemulangan dipulangkan bantuan-pemulangan bantuan-dan-pemulangan",
    "repurposed": "alih-fungsi dialihfungsikan beralih-fungsi pembinaan pembinaan-alih-fungsi",
    "monitored": "pemantauan dipantau monitoring",
    "reactivated": "aktif-kembali terindikasi-aktif-kembali buka-kembali beroperasi-kembali reaktivasi",
    "sealed": "disegel segel penyegelan",
    "disputed": "disengketakan dipersoalkan diperdebatkan",
}
_KINDS = {
    **{word.replace("-", " "): kind for kind, words in _WORDS.items() for word in words.split()},
    **{kind: kind for kind in STATUS_KINDS},
}
_RETRACTIONS = {RETRACTION, "retracted", "ditarik", "penarikan", "catatan ditarik", "laporan ditarik"}
_BEFORE = re.compile(r"^(?:status|sudah|telah|was|has been|already) ")
_PLANNED = re.compile(r"^(?:akan|rencana|direncanakan|planned|to be|will be)(?: (?:akan|di))? ")


def status_kind(text: str) -> tuple[str, bool] | None:
    """The kind of event that a status tells of, and whether it is planned; None for an unknown word.

    `Sudah ditutup` is a closing, `akan ditutup` a planned one; `belum ditutup` says no more than on record.
    """
    plain = _plain(text)
    planned = _PLANNED.match(plain) is not None
    plain = _BEFORE.sub("", _PLANNED.sub("", plain))
    kind = _KINDS.get(plain)
    return None if kind is None else (kind, planned)


def is_retraction(text: str) -> bool:
    """Whether a word says that an entry of a log takes back another one."""
    return _plain(text) in _RETRACTIONS


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z]+", " ", bare).split())
