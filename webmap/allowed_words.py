"""What a field or a parameter takes, as its class says it in English; marked for the catalogue."""


def _l(sentence: str) -> str:
    """Mark a sentence for the catalogue, in which it is looked up once it is said."""
    return sentence


# Fields of records: gis/domain/records.
FIELDS = (
    _l("the id of a record that is there, or nothing"),
    _l("a text of 1 to 200 characters"),
    _l("a text of 1 to 200 characters, or nothing"),
    _l("a text of 1 to 200 characters that names the item"),
    _l("a text of at most 200 characters, or nothing"),
    _l("a text of 1 to 2000 characters"),
    _l("such as SK Wali Kota; a text of 1 to 2000 characters"),
    _l("a text of at most 2000 characters, or nothing"),
    _l("a text of at most 2000 characters that names no safe house, or nothing"),
    _l("texts separated by ;"),
    _l("lokalisasi or lokasi"),
    _l("lokalisasi or lokasi, or nothing where the number holds both"),
    _l("a valid POINT, POLYGON or MULTIPOLYGON in WKT, lon before lat, EPSG:4326, or nothing"),
    _l("a valid POLYGON or MULTIPOLYGON in WKT, lon before lat, EPSG:4326"),
    _l("a POINT in WKT, lon before lat, EPSG:4326, or nothing"),
    _l("exact, approximate, cell or regency; regency if and only if there is no geometry"),
    _l("exact or approximate, if and only if there is a point"),
    _l("the CRS as sent, such as EPSG:9470"),
    _l("Kemendagri codes such as 35.76, separated by ; with the primary one first"),
    _l("a regency's Kemendagri code such as 35.76, or nothing for the site's primary one"),
    _l("today's Kemendagri code such as 64 or 35.76, or nothing for the nation"),
    _l("a Kemendagri code such as 64 or 35.76, or nothing for the nation or the site's own"),
    _l("a Kemendagri code of today such as 64 or 35.76, or nothing"),
    _l("the city: a regency's Kemendagri code such as 64.72"),
    _l("an address that begins with https://, or nothing"),
    _l("a day as YYYY-MM-DD"),
    _l("a day as YYYY-MM-DD, or nothing"),
    _l("the day of the decree as YYYY-MM-DD, or nothing where the source does not say"),
    _l("the last day of the period as YYYY-MM-DD, not before period_from"),
    _l("day, month or year"),
    _l("true or false"),
    _l("the sender's own key for the row, of 1 to 200 characters, or nothing"),
    _l("a key of 1 to 200 characters that the claims of one report share"),
    _l("a whole number below 2^53"),
    _l("a whole number from %(least)s to %(most)s"),
    _l("a whole number from %(least)s to %(most)s, or nothing"),
    _l("a whole number from 0 to 1000000, not above planned_n: what is paid beyond it was promised too"),
    _l("whole rupiah a person, from 1 to 1000000000, without separators, or nothing"),
    _l("resident, beneficiary or returned"),
    _l("beneficiary, resident or returned"),
    _l(
        "names with their times, such as PSKW Melati[/2018-09-01];BRS Watunas Melati[2018-09-01/]; a safe"
        " house is never named"
    ),
    _l("separated by ;, of %(values)s"),
    _l("an office such as Dinas Sosial Kota Samarinda, never a person, or nothing"),
    _l("an office's landline such as +62 541 123456, or a hotline such as 171, or nothing"),
    _l(
        "governor_letter, regent_letter, decree (SK), by_law (Perda), circular (surat edaran), instruction or"
        " plan"
    ),
    _l("one of %(values)s"),
)
# Parameters of addresses: webmap/parameters.py and the views.
PARAMETERS = (
    _l("a date as YYYY-MM-DD"),
    _l("a date from %(first)s to %(last)s"),
    _l("then or today"),
    _l("a comma list of %(values)s"),
    _l("a Kemendagri code such as 64 or 35.76"),
    _l('a Kemendagri code such as "64" or "64.72"'),
    _l("the Kemendagri code of a province or regency on the day whose boundaries are meant"),
    _l("the Kemendagri code of a province; of regencies this is not public"),
    _l("a province's Kemendagri code such as 64"),
    _l("west,south,east,north in degrees, longitude before latitude"),
    _l("west,south,east,north in degrees (-180…180, -90…90), west ≤ east and south ≤ north"),
    _l("nation, province or regency"),
    _l("the number of a site"),
    _l("the number of a site on record"),
    _l("the checksum of the boundary files"),
    _l("the name of an account"),
    _l("insert, update, delete, export, list, sign_in …"),
    _l("the name of a table, such as site or event"),
    _l("the id of a row; of a site also what belongs to it"),
    _l("the id of a batch"),
    _l("how many rows to leave out"),
    _l("the id of a release, such as %(example)s"),
    _l("to be given once"),
    _l("at most %(most)s"),
    _l("another value"),
)
# Columns of a file as a person assigns them: gis/services/imports/columns.py.
COLUMNS = (
    _l("an object of fields"),
    _l("a column that no other field has"),
    _l("a text"),
)
ALLOWED = (*FIELDS, *PARAMETERS, *COLUMNS)
