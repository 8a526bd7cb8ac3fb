"""Names as they are met in Danish schools: of children, of their parents' generation, and of families."""

from dataclasses import dataclass

from .dice import Dice


@dataclass(frozen=True)
class Origin:
    """Names that go together. `share` is how many of a hundred families."""

    share: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]


def _origin(share: int, *, girls: str, boys: str, women: str, men: str, families: str) -> Origin:
    lists = (tuple(text.split()) for text in (girls, boys, women, men, families))
    return Origin(share, *lists)


ORIGINS = (
    _origin(
        79,
        girls="""
        Ida Emma Freja Alma Clara Ella Karla Olivia Nora Luna Maja Josefine Laura Mathilde Liva Agnes
        Signe Asta Lærke Thea Filippa Johanne Vigga Sigrid Astrid Anna Marie Isabella Victoria Caroline
        Frida Ellie Alberte Molly Gry Naja Silje Tilde Merle Elin Åse Zoë Hannah Saga Ronja Sally Ellen
        Dagmar
        """,
        boys="""
        William Noah Oscar Lucas Carl Malthe Emil Alfred Valdemar Aksel Oliver Viktor Elias August Arthur
        Magnus Villads Anton Theo Storm Otto Felix Johan Konrad Frederik Christian Mikkel Tobias
        Sebastian Lauge Bertram Hjalte Søren Vilfred Albert Erik Silas Loui Marius Philip Benjamin
        Jonathan Halfdan Øjvind Bo Liam Walther Vitus
        """,
        women="""
        Camilla Louise Maria Anne Line Lene Tina Pia Sara Trine Maiken Rikke Stine Christina Charlotte
        Katrine Pernille Signe Julie Heidi Helle Malene Nanna Ditte Kirstine Sidsel Marianne Lone Sanne
        Tanja Cecilie Mia Gitte Bodil Inge-Lise Marie-Louise Annemette Dorthe Ulla Åse Sisse Betina
        Winnie Randi
        """,
        men="""
        Thomas Martin Henrik Lars Jesper Peter Anders Michael Mads Rasmus Kasper Kristian Nikolaj Jakob
        Mikkel Morten Søren Christian Brian Allan Kenneth Simon Steffen Troels Rune Jens Niels Hans
        Jørgen Claus Dennis Torben Bjørn Øystein Kim Ole Per Ulrik Esben Asbjørn Jens-Peter Kåre Svend
        Flemming Carsten
        """,
        families="""
        Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen
        Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen
        Mikkelsen Frederiksen Laursen Lund Holm Schmidt Dahl Kjær Vestergaard Bertelsen Krogh Bach Friis
        Winther Kruse Ravn Bak Bech Thygesen Skov Juhl Nørgaard Østergaard Ågård Bjerregaard Kjeldsen
        Toft Munk Bisgaard Iversen Lorentzen Ibsen Bruun Dam Brandt Steffensen Buch Eskildsen Hvid Riis
        Overgaard Sloth Westh Bjørn-Andersen Damsgaard Krarup
        """,
    ),
    _origin(
        5,
        girls="Elif Zeynep Defne Azra Ecrin Melisa Ayşe Esma Selin Yağmur",
        boys="Emir Kerem Yusuf Ömer Deniz Mert Can Berat Enes Kaan",
        women="Fatma Emine Hatice Özlem Gül Derya Sevgi Nuray",
        men="Mehmet Mustafa Ahmet Hüseyin İbrahim Orhan Serkan Murat",
        families="Yılmaz Kaya Demir Çelik Şahin Yıldız Öztürk Aydın Arslan",
    ),
    _origin(
        6,
        girls="Aya Fatima Maryam Noor Yasmin Lina Sara Hala Rania Jana",
        boys="Ali Omar Yousef Adam Hassan Karim Ibrahim Zaid Bilal Mohammed",
        women="Amal Rana Huda Samira Layla Nadia Zainab Iman",
        men="Ahmad Khaled Mahmoud Samir Tarek Walid Nabil Jamal",
        families="Al-Masri Haddad Khalil Nasser Mansour Saleh Hussein Abdallah El-Khatib",
    ),
    _origin(
        3,
        girls="Amina Hodan Ifrah Sahra Hibaq Najma",
        boys="Abdirahman Liban Ayub Zakariya Mahad Guled",
        women="Fadumo Halima Khadra Asha Sagal",
        men="Abdi Mohamud Farah Yasin Osman",
        families="Warsame Abdullahi Hirsi Jama Farah Ali",
    ),
    _origin(
        3,
        girls="Zuzanna Maja Hanna Oliwia Lena Pola",
        boys="Jakub Antoni Szymon Filip Kacper Wojciech",
        women="Agnieszka Katarzyna Magdalena Joanna Ewa",
        men="Piotr Tomasz Marcin Krzysztof Paweł",
        families="Nowak Wójcik Mazur Kowalczyk Krawczyk Dudek",
    ),
    _origin(
        2,
        girls="Sofiia Anastasiia Solomiia Daryna Zlata",
        boys="Danylo Maksym Artem Bohdan Tymofii",
        women="Olena Iryna Oksana Nataliia Tetiana",
        men="Andrii Serhii Oleksandr Dmytro Vasyl",
        families="Shevchenko Bondarenko Melnyk Kovalenko Tkachenko",
    ),
    _origin(
        2,
        girls="Linh My An Mai Thu",
        boys="Minh Bao Duc Long Khoa",
        women="Hoa Lan Huong Thanh Ngoc",
        men="Tuan Hung Dung Phong Son",
        families="Nguyen Tran Pham Le Vo",
    ),
)  # fmt: skip


def origin(dice: Dice) -> Origin:
    """Draw a family's origin, by its share."""
    at = dice.between(1, sum(each.share for each in ORIGINS))
    for each in ORIGINS:
        at -= each.share
        if at <= 0:
            return each
    raise AssertionError("the shares cover every number drawn")
