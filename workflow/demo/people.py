"""Synthetic people: a city's non-ASN workers as the press counted them, none of them real.

The same seed gives the same people in the same order. Group sizes are the published ones of Kota Serang;
jobs and education follow the mix of one regency (domain page, section 6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from domain.worker import Worker

REGION = "3673"  # Kota Serang
FIRST_BIRTH, LAST_BIRTH = date(1968, 1, 1), date(2004, 12, 31)
FIRST_CONTRACT, LAST_CONTRACT = date(2005, 1, 1), date(2022, 12, 31)
WAGE_STEP = 50_000


class Person(NamedTuple):
    """A worker, the part of the story they are in, and what a later file says of them.

    ni: as BKN would give it, present also where the story never appoints them. wage_sk: rupiah a month in
    the decree, never below the wage before.
    """

    worker: Worker
    group: str
    ni: str
    wage_sk: int


class Unit(NamedTuple):
    """An OPD: the code of its field of government and a serial, its name, and what everybody calls it."""

    code: str
    name: str
    alias: str


class Standing(NamedTuple):
    """Where a worker stands in the 2024 selection; None means the column is left empty."""

    category: str
    in_bkn_database: bool
    cpns_2024: bool
    pppk_2024: bool
    formation: str | None = None
    note: str | None = None


class Job(NamedTuple):
    """A position: its share per thousand workers, who holds it, and what it pays.

    schooling, places: keys of the tables of education and of units. age: the youngest at a first contract.
    women: share. wage: lowest and highest before the decree. salary: of a full-time PPPK with that schooling
    (Perpres 11/2024, no years of service).
    """

    position: str
    share: int
    schooling: str
    age: int
    women: float
    wage: tuple[int, int]
    salary: int
    places: str


UNITS: tuple[Unit, ...] = (
    Unit("1.01.01", "Dinas Pendidikan dan Kebudayaan", "Dindikbud"),
    Unit("1.02.01", "Dinas Kesehatan", "Dinkes"),
    Unit("1.02.02", "Rumah Sakit Umum Daerah Kota Serang", "RSUD"),
    Unit("1.02.03", "UPT Puskesmas Serang Kota", "PKM Serang Kota"),
    Unit("1.02.04", "UPT Puskesmas Ciracas", "PKM Ciracas"),
    Unit("1.02.05", "UPT Laboratorium Kesehatan Daerah", "Labkesda"),
    Unit("1.03.01", "Dinas Pekerjaan Umum dan Penataan Ruang", "DPUPR"),
    Unit("1.04.01", "Dinas Perumahan Rakyat dan Kawasan Permukiman", "DPRKP"),
    Unit("1.05.01", "Satuan Polisi Pamong Praja", "Satpol PP"),
    Unit("1.05.02", "Dinas Pemadam Kebakaran dan Penyelamatan", "Damkar"),
    Unit("1.05.03", "Badan Penanggulangan Bencana Daerah", "BPBD"),
    Unit("1.06.01", "Dinas Sosial", "Dinsos"),
    Unit("2.07.01", "Dinas Tenaga Kerja dan Transmigrasi", "Disnakertrans"),
    Unit("2.08.01", "Dinas Pemberdayaan Perempuan, Perlindungan Anak dan Keluarga Berencana", "DP3AKB"),
    Unit("2.09.01", "Dinas Ketahanan Pangan, Pertanian dan Perikanan", "DKP3"),
    Unit("2.11.01", "Dinas Lingkungan Hidup", "DLH"),
    Unit("2.11.02", "UPT Tempat Pemrosesan Akhir Sampah", "UPT TPAS"),
    Unit("2.12.01", "Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil"),
    Unit("2.15.01", "Dinas Perhubungan", "Dishub"),
    Unit("2.16.01", "Dinas Komunikasi dan Informatika", "Diskominfo"),
    Unit("2.17.01", "Dinas Koperasi, Usaha Kecil Menengah, Perindustrian dan Perdagangan", "Dinkopukmperindag"),
    Unit("2.18.01", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "DPMPTSP"),
    Unit("2.19.01", "Dinas Kepemudaan, Olahraga dan Pariwisata", "Disporapar"),
    Unit("2.23.01", "Dinas Perpustakaan dan Kearsipan", "DPK"),
    Unit("4.01.01", "Sekretariat Daerah Bagian Umum", "Setda Umum"),
    Unit("4.01.02", "Sekretariat Daerah Bagian Hukum", "Setda Hukum"),
    Unit("4.01.03", "Sekretariat Daerah Bagian Kesejahteraan Rakyat", "Setda Kesra"),
    Unit("4.02.01", "Sekretariat Dewan Perwakilan Rakyat Daerah", "Setwan"),
    Unit("5.01.01", "Badan Perencanaan Pembangunan, Riset dan Inovasi Daerah", "Bapperida"),
    Unit("5.02.01", "Badan Pengelolaan Keuangan dan Aset Daerah", "BPKAD"),
    Unit("5.02.02", "Badan Pendapatan Daerah", "Bapenda"),
    Unit("5.03.01", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "BKPSDM"),
    Unit("6.01.01", "Inspektorat", "Itkot"),
    Unit("7.01.01", "Kecamatan Serang", "Kec. Serang"),
    Unit("7.01.02", "Kecamatan Kasemen", "Kec. Kasemen"),
    Unit("7.01.03", "Kecamatan Walantaka", "Kec. Walantaka"),
    Unit("7.01.04", "Kecamatan Curug", "Kec. Curug"),
    Unit("7.01.05", "Kecamatan Cipocok Jaya", "Kec. Cipocok Jaya"),
    Unit("7.01.06", "Kecamatan Taktakan", "Kec. Taktakan"),
    Unit("8.01.01", "Badan Kesatuan Bangsa dan Politik", "Kesbangpol"),
)

_PASSED_2021 = Standing("R1", in_bkn_database=True, cpns_2024=False, pppk_2024=True)
_TOOK_PPPK = Standing("R3", in_bkn_database=True, cpns_2024=False, pppk_2024=True)
_TOOK_CPNS = Standing("R3", in_bkn_database=True, cpns_2024=True, pppk_2024=False)
_OUTSIDE_TOOK_PPPK = Standing("R4", in_bkn_database=False, cpns_2024=False, pppk_2024=True)
_PPG_GRADUATE = Standing("R5", in_bkn_database=False, cpns_2024=False, pppk_2024=True)
_FULL_TIME = _TOOK_PPPK._replace(formation="pppk")
_TOOK_NONE = Standing("R3", in_bkn_database=True, cpns_2024=False, pppk_2024=False, note="Non-R")
_OUTSIDE_TOOK_CPNS = Standing("Non-R", in_bkn_database=False, cpns_2024=True, pppk_2024=False)
_OUTSIDE_TOOK_NONE = Standing("Non-R", in_bkn_database=False, cpns_2024=False, pppk_2024=False)

# The split by standing inside a group is ours, made so that 3,915 are in the BKN database as the city said.
GROUPS: Mapping[str, tuple[tuple[Standing, int], ...]] = {
    "paruh-waktu": (
        (_PASSED_2021, 40),
        (_TOOK_PPPK, 3_020),
        (_TOOK_CPNS, 579),
        (_OUTSIDE_TOOK_PPPK, 125),
        (_PPG_GRADUATE, 30),
    ),
    "penuh-waktu": ((_FULL_TIME, 15),),
    "belum-siap": ((_TOOK_PPPK, 92), (_TOOK_CPNS, 20), (_OUTSIDE_TOOK_PPPK, 5)),
    "susulan-149": ((_TOOK_NONE, 149),),
    "susulan-377": ((_OUTSIDE_TOOK_CPNS, 377),),
    "lain-805": ((_OUTSIDE_TOOK_NONE, 805),),
}

_SCHOOLING: Mapping[str, tuple[str, ...]] = {
    "teacher": ("S-1 Pendidikan Guru Sekolah Dasar", "S-1 Pendidikan Matematika", "S-1 Pendidikan Agama Islam"),
    "degree": ("S-1 Administrasi Negara", "S-1 Manajemen", "S-1 Teknik Informatika", "D-IV Administrasi Pemerintahan"),
    "diploma": ("D-III Akuntansi", "D-III Manajemen Informatika", "D-III Administrasi Perkantoran"),
    "midwife": ("D-III Kebidanan",),
    "nurse": ("D-III Keperawatan",),
    "secondary": ("SMA", "SMK", "Paket C"),
    "primary": ("SD", "SMP"),
}
_TEACHER = Job("Guru Ahli Pertama", 225, "teacher", 22, 0.70, (700_000, 1_800_000), 3_203_600, "school")
_OFFICE_JOBS = (
    Job("Operator Layanan Operasional", 533, "secondary", 18, 0.50, (700_000, 1_900_000), 2_511_500, "office"),
    Job("Penata Layanan Operasional", 135, "degree", 22, 0.55, (1_200_000, 2_500_000), 3_203_600, "office"),
    Job("Pengelola Layanan Operasional", 30, "diploma", 21, 0.55, (1_000_000, 2_100_000), 2_858_800, "office"),
    Job("Pengelola Umum Operasional", 16, "primary", 18, 0.35, (700_000, 1_300_000), 1_938_500, "office"),
)
_ALL_JOBS = (
    _TEACHER,
    *_OFFICE_JOBS,
    Job("Perawat Terampil", 37, "nurse", 21, 0.70, (900_000, 2_000_000), 2_858_800, "health"),
    Job("Bidan Terampil", 24, "midwife", 21, 1.0, (900_000, 2_000_000), 2_858_800, "health"),
)
# Workers outside the database are mostly field staff (domain page, section 1); R1 and R5 are teachers' codes.
_JOBS: Mapping[str, tuple[Job, ...]] = {"R1": (_TEACHER,), "R5": (_TEACHER,), "Non-R": _OFFICE_JOBS}

_FIELD_STAFF = {"DLH": 30, "UPT TPAS": 8, "Dishub": 15, "Satpol PP": 18, "Damkar": 10, "DPUPR": 8}
_PLACES: Mapping[str, Mapping[str, int]] = {
    "school": {"Dindikbud": 1},
    "health": {"Dinkes": 3, "RSUD": 4, "PKM Serang Kota": 2, "PKM Ciracas": 2, "Labkesda": 1},
    "office": {unit.alias: 3 for unit in UNITS} | {"Dindikbud": 30} | _FIELD_STAFF,
}
_UNIT_NAMES = {unit.alias: unit.name for unit in UNITS}

_NAMES: Mapping[str, tuple[str, str]] = {
    "P": (
        "Siti Dewi Sri Nur Rina Ratna Wulan Fitri Yuni Kokom Indah Maya Ayu Eka Neneng Euis Iis Imas Yeni Tuti "
        "Lilis Nia Rohmah Halimah Aisyah Fatimah Nani Mega Putri Rahma Desi Novi Evi Lina Ani Sari Hesti Tika Vina",
        "Aminah Rahayu Lestari Wulandari Handayani Nuraeni Kartika Maryani Susanti Anggraeni Puspitasari Hasanah "
        "Rosidah Fauziah Yulianti Safitri Maulida Permatasari Nurjanah Suryani Melati Solihat Khotimah Astuti",
    ),
    "L": (
        "Ahmad Muhamad Agus Asep Dedi Ujang Budi Hendra Iwan Rudi Joko Eko Dwi Tri Andi Rizki Fajar Bayu Yusuf "
        "Ibrahim Ismail Hasan Ali Umar Sapri Jaya Adi Wahyu Taufik Arif Bambang Cecep Deni Firman Gilang Hadi Irfan",
        "Hidayat Setiawan Saputra Kurniawan Maulana Ramdani Suhendar Supriyadi Firmansyah Gunawan Permana Nugraha "
        "Santoso Wibowo Pratama Fauzi Rohman Syarifudin Mulyadi Sudrajat Hermawan Iskandar Wijaya Suryana Mustofa",
    ),
}
_GIVEN = {sex: (first.split(), second.split()) for sex, (first, second) in _NAMES.items()}


def city(seed: int = 2025, *, mismatches: bool = False) -> list[Person]:
    """All 5,257 workers of the story, one group after the other.

    mismatches: whether the NIK contradicts the column in 12.9 % of the birth dates and 0.7 % of the sexes, as
    in one regency; the people are otherwise the same.
    """
    source = _Source(seed, mismatches)
    drawn = []
    for group, mix in GROUPS.items():
        standings = [standing for standing, number in mix for _ in range(number)]
        source.rng.shuffle(standings)
        drawn += [source.person(group, standing) for standing in standings]
    return drawn


def people(n: int, seed: int = 2025, *, mismatches: bool = False) -> Iterator[Person]:
    """As many workers as asked, all `paruh-waktu` and mixed as in that group; for measurements."""
    source = _Source(seed, mismatches)
    standings, numbers = zip(*GROUPS["paruh-waktu"], strict=True)
    upto = list(accumulate(numbers))
    for _ in range(n):
        yield source.person("paruh-waktu", source.rng.choices(standings, cum_weights=upto)[0])


class _Source:
    """Draws people, and gives no two of them the same number."""

    def __init__(self, seed: int, mismatches: bool) -> None:
        self.rng = Random(seed)  # noqa: S311  the same people each time is the purpose
        # a stream of its own, so that the columns are the same with mistakes and without
        self._mistakes = Random(f"{seed} mistakes") if mismatches else None  # noqa: S311
        self._serials: Counter[str] = Counter()

    def person(self, group: str, standing: Standing) -> Person:
        jobs = _JOBS.get(standing.category, _ALL_JOBS)
        [job] = self.rng.choices(jobs, weights=[job.share for job in jobs])
        sex = "P" if self.rng.random() < job.women else "L"
        birth = _birth_date(self.rng, job)
        wage = self.rng.randrange(job.wage[0], job.wage[1] + 1, WAGE_STEP)
        worker = Worker(
            nik=self._nik(birth, sex),
            name=_name(self.rng, sex),
            unit=_unit(self.rng, job),
            position=job.position,
            education=self.rng.choice(_SCHOOLING[job.schooling]),
            birth_date=birth,
            sex=sex,
            category=standing.category,
            in_bkn_database=standing.in_bkn_database,
            cpns_2024=standing.cpns_2024,
            pppk_2024=standing.pppk_2024,
            first_contract=_first_contract(self.rng, birth, job),
            wage=wage,
            formation=standing.formation,
            note=standing.note,
        )
        # a part-timer is paid what each earned before; one in ten gets a step more
        part_time = wage + WAGE_STEP if self.rng.random() < 0.1 else wage
        paid = job.salary if standing.formation == "pppk" else part_time
        return Person(worker, group, self._ni(birth, sex), paid)

    def _nik(self, birth: date, sex: str) -> str:
        district = self.rng.randint(1, 6)
        if self._mistakes:
            if self._mistakes.random() < 0.129:
                birth += timedelta(days=self._mistakes.choice((-365, -31, -1, 1, 9, 31, 365)))
            if self._mistakes.random() < 0.007:
                sex = "L" if sex == "P" else "P"
        day = birth.day + 40 if sex == "P" else birth.day
        return self._numbered(f"{REGION}{district:02d}{day:02d}{birth:%m%y}", 4)

    def _ni(self, birth: date, sex: str) -> str:
        return self._numbered(f"{birth:%Y%m%d}202521{'1' if sex == 'L' else '2'}", 3)

    def _numbered(self, leading: str, width: int) -> str:
        self._serials[leading] += 1
        return f"{leading}{self._serials[leading]:0{width}d}"


def _birth_date(rng: Random, job: Job) -> date:
    """A day that leaves time for the schooling before the last first contract; most were born about 1989."""
    latest = min(LAST_BIRTH, _birthday(LAST_CONTRACT, -job.age))
    days = (latest - FIRST_BIRTH).days
    return FIRST_BIRTH + timedelta(days=int(rng.triangular(0, days, days * 0.6)))


def _first_contract(rng: Random, birth: date, job: Job) -> date:
    """The first of a month where one fits, as contracts of offices mostly begin."""
    earliest = max(FIRST_CONTRACT, _birthday(birth, job.age))
    day = earliest + timedelta(days=rng.randint(0, (LAST_CONTRACT - earliest).days))
    return max(day.replace(day=1), earliest)


def _birthday(birth: date, age: int) -> date:
    """The day someone turns `age`; born on 29 February, the 28th."""
    return birth.replace(year=birth.year + age, day=28 if (birth.month, birth.day) == (2, 29) else birth.day)


def _unit(rng: Random, job: Job) -> str:
    staff = _PLACES[job.places]
    return _UNIT_NAMES[rng.choices(list(staff), weights=list(staff.values()))[0]]


def _name(rng: Random, sex: str) -> str:
    """Two given names, or three for one in four."""
    first, second = _GIVEN[sex]
    return " ".join([*rng.sample(first, 2 if rng.random() < 0.25 else 1), rng.choice(second)])
