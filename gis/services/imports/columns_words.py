"""How columns are named in the lists that agencies send: words by field, in Indonesian and English.

A name that is a field's own is understood without being listed. Words are in lower case, without marks.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

#: Fields of no record, out of which the row builder makes several.
PLACE_FIELDS = ("lat", "lon", "coordinates", "easting", "northing", "zone")
REGION_FIELDS = ("regency", "province")
SITE_FIELDS = (
    "status",
    "status_date",
    "legal_instrument",
    "legal_number",
    "residents",
    "beneficiaries",
    "returned",
    "people_date",
    "note",
)
#: Of records that name others of their kind: by the key that the sender gave to those.
LINK_FIELDS = {"corrects_id": "corrects_external_id", "replaces_id": "replaces_external_id"}
#: Told by the file or by the person who corrects a record, and no column of a list.
_NOT_COLUMNS = ("source_crs",)

_DATES = "tanggal, tgl, date, waktu, hari tanggal"
_PEOPLE = (
    "wts, psk, penghuni, pekerja seks, tuna susila, penghuni lokalisasi, warga binaan, residents, people"
)
WORDS: Mapping[str, str] = {
    "name": "nama, nama lokalisasi, nama lokasi, nama situs, nama tempat, lokalisasi, lokasi, "
    "site name, place, nama eks lokalisasi, eks lokalisasi, placename",
    "alternative_names": "nama lain, alias, nama alternatif, nama lama, other names, also known as, aka",
    "site_type": "jenis, tipe, jenis lokasi, tipe lokasi, jenis lokalisasi, kategori, type, category, "
    "site type",
    "site_id": "id situs, id lokalisasi, id lokasi atlas, site id",
    "site": "nama, nama lokalisasi, nama lokasi, nama situs, lokalisasi, lokasi, site, site name",
    "wkt": "wkt, geom, geometry, geometri, the geom, polygon",
    "lat": "lintang, lat, latitude, koordinat lintang, lintang derajat, y, lintang selatan, "
    "garis lintang, koordinat y, point y, gps lat, ls",
    "lon": "bujur, lon, long, lng, longitude, koordinat bujur, x, bujur timur, garis bujur, "
    "koordinat x, point x, gps lon, bt",
    "coordinates": "koordinat, titik koordinat, lokasi gps, gps, coordinate, coordinates, lat long, "
    "lat lon, latlong, titik lokasi",
    "easting": "easting, timur, x, koordinat x, x utm, utm x, absis, mt",
    "northing": "northing, utara, y, koordinat y, y utm, utm y, ordinat, mu",
    "zone": "zona, zone, zona utm, utm zone, utm, zona koordinat",
    "location_accuracy": "akurasi, ketelitian, akurasi lokasi, accuracy, location accuracy, presisi lokasi",
    "location_source": "sumber lokasi, sumber koordinat, location source, coordinate source",
    "regency": "kabupaten kota, kabupaten, kota, kab kota, kabkota, kab, nama kabupaten, "
    "nama kabupaten kota, daerah, regency, city, regency city, district, wilayah",
    "province": "provinsi, propinsi, prov, nama provinsi, province",
    "region_code": "kode wilayah, kode kabupaten, kode kabupaten kota, kode kab kota, kode kemendagri, "
    "kode daerah, region code, kode",
    "declared_region_codes": "kode wilayah, kode kabupaten, kode kabupaten kota, kode kab kota, "
    "kode kemendagri, kode daerah, region code, regency code",
    "status": "status, status penutupan, keterangan status, kondisi, tahap, tahapan, "
    "status lokalisasi, state",
    "status_date": "tanggal status, status since, tanggal penutupan, tgl penutupan, tanggal ditutup, "
    f"tahun penutupan, closing date, closed on, date closed, waktu penutupan, ditutup pada, {_DATES}",
    "kind": "status, peristiwa, jenis peristiwa, kejadian, tahap, event, jenis, kind, type, jenis dokumen",
    "occurred_on": f"tanggal kejadian, tanggal peristiwa, tanggal penutupan, event date, {_DATES}",
    "recorded_on": "tanggal pendataan, tanggal data, tanggal pencatatan, terdata pada, recorded, data per",
    "legal_instrument": "dasar hukum, jenis sk, instrumen hukum, peraturan, legal basis, instrument",
    "legal_number": "nomor sk, no sk, sk, nomor perda, no perda, nomor surat, no surat, nomor peraturan, "
    "decree number, legal number, nomor",
    "residents": "jumlah wts, jumlah psk, jumlah penghuni, jumlah, jml wts, jml psk, jumlah orang, "
    f"{_PEOPLE}",
    "beneficiaries": "penerima manfaat, jumlah penerima manfaat, jumlah penerima, jml pm, beneficiaries",
    "returned": "dipulangkan, jumlah dipulangkan, pemulangan, jumlah pemulangan, returned",
    "people_date": "tanggal pendataan wts, tanggal hitung, tanggal sensus, count date, tanggal pendataan",
    "n": "jumlah, jumlah orang, jumlah wts, jumlah psk, jumlah penghuni, banyaknya, number, "
    f"count, {_PEOPLE}",
    "counted_on": "tanggal hitung, tanggal pendataan, tanggal data, per tanggal, keadaan, count date, "
    f"{_DATES}",
    "definition": "definisi, jenis jumlah, kategori, yang dihitung, definition",
    "value": "nilai, jumlah, angka, figure, number",
    "as_of": f"per tanggal, keadaan, posisi, tanggal data, as of, {_DATES}",
    "speaker": "narasumber, pembicara, menurut, pejabat, speaker",
    "report": "laporan, nama laporan, judul laporan, report",
    "reported_on": "tanggal laporan, tanggal berita, tanggal terbit, reported, published",
    "source": "sumber, sumber data, sumber berita, instansi, asal data, data source, referensi",
    "source_url": "tautan, url, link, alamat web, situs web, sumber url, link berita, website",
    "note": "catatan, keterangan, ket, uraian, remarks, notes, comment, deskripsi, description",
    "synthetic": "sintetis, contoh, data contoh, synthetic",
    "external_id": "kunci, id eksternal, id pengirim, kode baris, external id, key, reference",
    "corrects_external_id": "membetulkan kunci, koreksi atas, corrects",
    "replaces_external_id": "menggantikan kunci, mengganti surat, replaces",
    "planned": "rencana, direncanakan, planned",
    "number": "nomor, nomor surat, no surat, nomor sk, no sk, nomor dokumen",
    "dated": f"tanggal surat, tanggal dokumen, tanggal sk, {_DATES}",
    "planned_on": "tanggal rencana, rencana penutupan, target, target penutupan, planned date",
    "issuer": "penerbit, pengirim, pejabat, dikeluarkan oleh, kepala daerah",
    "text_reference": "pasal, rujukan, kutipan, reference",
    "names": "nama, nama panti, nama pskw, nama balai, panti, centre, center",
    "services": "layanan, jenis layanan, pelayanan, keterampilan",
    "operator": "pengelola, penyelenggara",
    "contact_office": "kantor, kontak, instansi kontak, alamat kantor",
    "contact_phone": "telepon, telp, no telp, nomor telepon, hp, phone",
    "centre_id": "id panti, id pskw, centre id",
    "occupied": "terisi, jumlah terisi, penghuni, jumlah penghuni, hunian",
    "capacity": "kapasitas, daya tampung",
    "item_key": "nama bantuan, uraian bantuan, kegiatan, item",
    "aid_type": "jenis bantuan, bantuan, aid type",
    "payer": "pembayar, sumber dana, pemberi, penanggung",
    "payer_name": "nama pembayar, nama pemberi, instansi pembayar",
    "amount_rupiah": "nilai per orang, jumlah per orang, besaran, nominal, rupiah, rp, amount",
    "eligible_n": "jumlah berhak, berhak, calon penerima, eligible",
    "planned_n": "jumlah direncanakan, dijanjikan, target penerima, rencana penerima",
    "paid_n": "jumlah dibayar, realisasi, terbayar, sudah menerima, realisasi penerima",
    "period_from": "periode mulai, mulai, dari tanggal, awal periode",
    "period_to": "periode akhir, sampai, sampai tanggal, akhir periode",
    "stated_on": f"keadaan, per tanggal, posisi, {_DATES}",
    "dated_on": f"tanggal sk, tanggal keputusan, {_DATES}",
}


def import_fields(collection: str, model: type[BaseModel]) -> tuple[str, ...]:
    """What a column of a list may be mapped to: the record's fields, and those that are made into them.

    Parameters
    ----------
    collection : such as sites
    model : the class of its content
    """
    own = [name for name in model.model_fields if name not in _NOT_COLUMNS]
    extra = [named for field, named in LINK_FIELDS.items() if field in own]
    if {"wkt", "location_accuracy"} <= set(own):
        extra += PLACE_FIELDS
    if {"region_code", "declared_region_codes"} & set(own):
        extra += REGION_FIELDS
    if collection == "sites":
        extra += SITE_FIELDS
    elif "site_id" in own:
        extra += ["site", *(REGION_FIELDS if "regency" not in extra else ())]
    return tuple(dict.fromkeys([*own, *extra]))


def words_of(field: str) -> Sequence[str]:
    """The names that a field's column may have, the surest first."""
    return [
        field.replace("_", " "),
        *(word.strip() for word in WORDS.get(field, "").split(",") if word.strip()),
    ]
