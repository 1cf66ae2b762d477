"""Names of people and organizations of a synthetic campus, including accents, symbols and duplicates."""

from functools import lru_cache

from memberships.synthetic.seeded_random import SeededRandom
from roster.names import search_key as exact_fold

fold = lru_cache(maxsize=100_000)(exact_fold)
"""`roster.names.search_key` with a cache, because the same few names are used many times."""


def _split(text: str, separator: str = " ") -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", separator).split(separator) if word.strip())


FIRST_NAMES = _split(
    """
    Aaliyah Abena Adaeze Aditi Agnieszka Aiko Alejandra Alhassan Amélie Anaïs Andrés Aoife Arjun Astrid Ayşe Bao
    Beatriz Benedikt Björn Brónagh Camila Caoimhe Céline Chidi Chloé Cuong Dagný Darnell Deepa Désirée Diego Dominik
    Ebony Ece Eduardo Eleni Elif Emeka Émilie Enrique Esther Étienne Fatima Femi Finnegan Françoise Freya Gabriela
    Giang Gonzalo Gráinne Guðrún Hamza Hannah Héloïse Hiroko Ibrahim Iñaki Ingrid Isolde Itzel Jaromír Jasmine Jesús
    Joaquín Jörg Jovana Kamala Katarzyna Keisha Khadija Kwame Laszlo Leilani Léa Linh Lucía Łukasz Maëlle Magnus
    Malik Marguerite Matěj Mehmet Meiling Mónica Nandini Naomi Nikolai Noé Nuria Obinna Odette Olumide Ophelia Ørjan
    Padma Paloma Pádraig Quentin Rafael Ramón Renée Rohan Rosalind Rubén Saoirse Sebastián Seung-ho Siobhán Sofía
    Søren Sunita Tadhg Tamsin Tenzin Thandiwe Théo Tomás Uchenna Ulrike Valentín Wanjiru Wilhelmina Xiomara Yara
    Yusuf Zdeněk Zoë
    """
)

LAST_NAMES = (
    *_split(
        """
    Abernethy Achterberg Adeyemi Ålander Alvarado Amankwah Anaya Arregui Ashworth Ávila Baptiste Barragán Bhattarai
    Birchall Bjarnason Błaszczyk Brathwaite Bröcker Calloway Carvalho Çelik Chakravarty Christodoulou Côté
    Cruickshank Čapek Dąbrowska Delacroix Demirci Diallo Domínguez Dvořák Eastwick Echeverría Eklund Escárcega
    Etxebarria Fairweather Fernández Fjeldstad Forsythe Fuhrmann Gallagher Gebremariam Ghorbani Gjerde Goncalves
    Grünewald Guðmundsdóttir Gutiérrez Hakimi Hallberg Hartigan Hawthorne Hernández Hollingsworth Horáková Ibarra
    Ifeanyi Ilyas Ishikawa Iyer Jankowski Jiménez Jónsdóttir Kaczmarek Kamau Karlsson Khoury Kjær Kovačević
    Krishnamurthy Kühn Lafayette Laurier Leclair Lindström Llewellyn López Łoś Mbeki Macdonald MacDonald Macleod
    MacLeod Mahlangu Marchetti Mazur McAllister Mcallister Méndez Mikkelsen Moravec Mukherjee Muñoz Mwangi Nakagawa
    Ndiaye Nguyễn Nørgaard Novák Núñez Nyström O'Donoghue O’Rourke Obuya Ocampo Øverland Okonkwo Ólafsson Orłowski
    Ortega Osei Oyelaran Páez Pálsson Papadaki Pargeter Peralta Petrović Pham Pickering Pokorný Quiroga
    Radhakrishnan Rákóczi Redgrave Reyes Rönnberg Rosário Ruiz-Serrano Şahin Sandoval Sánchez Sarkissian Schäfer
    Šimek Sigurðsson Silvestre Sithole Sørensen Sow Strauß Szymańska Tanaka-Wells Tavares Teixeira Thibodeaux Tjarks
    Trần Trueblood Ueda Uzoma Vandenberghe Vásquez Velázquez Villaseñor Wachowiak Wainwright Wójcik Wolffe Xiong
    Yamamoto-Price Yeboah Ylönen Zając Zamora Živković Zúñiga
    """
    ),
    *("de la Cruz", "De La Cruz", "van der Meer", "Van der Meer", "St. Clair", "al-Rashid", "Al-Rashid", "D'Angelo"),
)

SUBJECTS = _split(
    """
    Aikido, Anime, Anthropology, Archery, Archaeology, Astronomy, Badminton, Baking, Ballet, Bhangra, Biology,
    Birding, Board Games, Book Arts, Botany, Brass, Calligraphy, Canoeing, Ceramics, Chamber Music, Cheese,
    Chemistry, Chess, Choral Music, Climbing, Coding, Comics, Composting, Cricket, Cryptography, Curling, Cycling,
    Debate, Design, Disc Golf, Documentary Film, Economics, Embroidery, Entrepreneurship, Environmental Law,
    Equestrian, Esports, Ethics, Falconry, Fencing, Figure Skating, Film Music, First Aid, Flamenco, Folk Dance,
    Food Justice, Gardening, Genealogy, Geology, Go, Golf, Gospel Music, Handball, Hiking, History, Improv,
    Investment, Jazz, Juggling, Karate, Kayaking, Kendo, Knitting, Lacrosse, Letterpress, Linguistics, Literature,
    Magic, Mathematics, Medieval Studies, Microfinance, Mock Trial, Model Railroads, Mountain Rescue, Nursing,
    Origami, Orienteering, Outdoor Education, Philosophy, Photography, Physics, Poetry, Pottery, Public Health,
    Puppetry, Quilting, Quiz Bowl, Radio, Robotics, Rowing, Rugby, Running, Sailing, Salsa, Science Fiction,
    Screenwriting, Sculpture, Skiing, Social Work, Squash, Stage Combat, Statistics, Steel Drums, Sustainability,
    Swing Dance, Table Tennis, Taiko, Tea, Track, Translation, Tutoring, Ultimate, Urban Planning,
    Veterinary Science, Video Games, Volleyball, Water Polo, Weaving, Wind Energy, Wrestling, Yoga
    """,
    separator=",",
)

NAME_TEMPLATES = (
    *("{} Club", "{} Club", "{} Club", "{} Society", "{} Association", "{} Alliance", "{} Collective", "{} Circle"),
    *("{} Team", "{} Guild", "{} Project", "{} Union", "Women in {}", "Friends of {}", "Students for {}"),
)

PREFIXES = (
    *[""] * 6,
    "Graduate ",
    "International ",
    "Evening ",
    "Intramural ",
    "Downtown ",
    "Residential ",
    "Applied ",
)

GREEK = _split(
    """
    Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon Phi
    Chi Psi Omega
    """
)

SPECIAL = (
    *(
        "*STAR*",
        "#FirstGen",
        "@Home Gamers",
        "(Re)Write",
        "¡Baila!",
        "'Round Midnight",
        "42nd Street Singers",
        "½ Marathon",
    ),
    *("100% Recycled", "C++ Users", "R&B Choir", "“Quote” Improv", "A/V Crew", "Straße 7", "ﬁlm makers", "[brackets]"),
    *("Société Française", "Club Español", "Fête de la Musique", "Çay Saati", "Łódź Film Circle", "Ærø Sailing", "été"),
    *("Smørrebrød Supper Club", "Tiếng Việt Circle", "Ñandutí Weavers", "Über-Orchester", "Kroužek češtiny", "Şiir"),
    *(
        "Ελληνική Συντροφιά",
        "Кружок поэзии",
        "日本語テーブル",
        "한국 문화",
        "Jäätelö ry",
        "Café Philo",
        "~waves~",
        "_underscore",
    ),
)

BUILDINGS = tuple(
    f"{tree} Hall" for tree in _split("Alder Aspen Beech Birch Cedar Elm Hazel Juniper Larch Linden Maple")
)


MIN_FOR_TWINS = 4
"""Minimum number of organizations of which some have the same name."""


class Namer:
    """Creates the names of organizations. Some have the same name as another, exactly or in other letter case."""

    def __init__(self, organizations: int, rng: SeededRandom) -> None:
        self._rng = rng
        self._used: set[str] = set()
        twins = max(1, organizations // 100) if organizations >= MIN_FOR_TWINS else 0
        self.names = [self._new() for _ in range(organizations - 2 * twins)]
        with_case = [name for name in self.names if name.upper() != name.lower()] or self.names
        for _ in range(twins):
            self.names.append(rng.choice(self.names))
            self.names.append(_other_case(rng.choice(with_case)))
        rng.shuffle(self.names)

    def _new(self) -> str:
        """A name that is not used yet."""
        for _ in range(4):
            name = self._drawn()
            if name not in self._used:
                break
        else:
            name = f"{name} No. {len(self._used) + 1}"
        self._used.add(name)
        return name

    def _drawn(self) -> str:
        rng, kind = self._rng, self._rng.randrange(100)
        if kind < 70:
            return rng.choice(NAME_TEMPLATES).format(rng.choice(PREFIXES) + rng.choice(SUBJECTS))
        if kind < 82:
            return " ".join(rng.choice(GREEK) for _ in range(rng.randint(2, 3)))
        if kind < 90:
            return f"{rng.choice(BUILDINGS)} {rng.choice(('Council', 'Residents', 'Garden', 'Mentors', 'Kitchen'))}"
        return rng.choice(SPECIAL) if rng.chance(0.3) else f"{rng.choice(SPECIAL)} at {rng.choice(BUILDINGS)}"


def _other_case(name: str) -> str:
    return name.upper() if name.upper() != name else name.lower()


def initials(name: str) -> str:
    """A short name: the first letters of the words, or the beginning of a single word."""
    words = name.split()
    return "".join(word[0] for word in words).upper() if len(words) > 1 else name[:12]
