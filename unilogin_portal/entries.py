"""The six entries of the front page: who comes, and the three places each most often goes to."""

from dataclasses import dataclass

from .help.text import Text, address


@dataclass(frozen=True)
class Link:
    """A line of an entry. `target` is a URL name, or a guide's `#slug`."""

    text: Text
    target: str

    @property
    def url(self) -> str:
        return address(self.target)


@dataclass(frozen=True)
class Entry:
    """A kind of visitor, with the icon of the design system that stands for it."""

    icon: str
    title: Text
    links: tuple[Link, ...]


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "student",
        Text("Elev", "Pupil"),
        (
            Link(Text("Log på", "Log in"), "login:choose"),
            Link(Text("Jeg har glemt min adgangskode", "I have forgotten my password"), "#elev-glemt"),
            Link(Text("Hvem kan hjælpe mig?", "Who can help me?"), "#elev-hjaelp"),
        ),
    ),
    Entry(
        "persons",
        Text("Forælder", "Parent"),
        (
            Link(Text("Få mit eller mit barns brugernavn", "Get my or my child's user name"), "activation:start"),
            Link(
                Text("Hjælp mit barn med adgangskoden", "Help my child with the password"), "#ny-adgangskode-til-barn"
            ),
            Link(Text("Se, hvem der har set noget om mit barn", "See who has looked up my child"), "#data-om-mit-barn"),
        ),
    ),
    Entry(
        "groups",
        Text("Lærer og pædagog", "Teacher and pedagogue"),
        (
            Link(Text("Få mit eget brugernavn", "Get my own user name"), "activation:start"),
            Link(Text("Hjælp en elev med adgangskoden", "Help a pupil with the password"), "elevadgang:front"),
            Link(Text("Om sprogvurdering", "About language assessment"), "#sprogvurdering"),
        ),
    ),
    Entry(
        "business",
        Text("Skole og dagtilbud", "School and day care"),
        (
            Link(Text("Godkend eller afvis dataaftaler", "Approve or reject data agreements"), "dataagreements:front"),
            Link(Text("Brugeradministration og import", "User administration and imports"), "useradmin:runs"),
            Link(Text("Kontaktperson uden MitID", "Contact person without MitID"), "#kontaktperson-uden-mitid"),
        ),
    ),
    Entry(
        "location",
        Text("Kommune", "Municipality"),
        (
            Link(Text("Tilslut kommunens dagtilbud", "Connect your day-care centres"), "#tilslut-kommunalt-dagtilbud"),
            Link(Text("Om Dagtilbudsregisteret", "About the day-care register"), "#dagtilbudsregister"),
            Link(Text("Nummer til forvaltningen", "Number for the administration"), "#forvaltningsinstitution"),
        ),
    ),
    Entry(
        "database",
        Text("Leverandør", "Supplier"),
        (
            Link(
                Text("Bliv leverandør, og bed om data", "Become a supplier, and ask for data"), "dataagreements:front"
            ),
            Link(Text("Om data og login", "About data and login"), "#data-og-login"),
            Link(Text("Kontakt support", "Contact support"), "#support"),
        ),
    ),
)
