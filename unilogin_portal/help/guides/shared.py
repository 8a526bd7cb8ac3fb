"""Steps that several guides have in common, so that they are changed in one place."""

from ..text import Text

CHOOSE_UNILOGIN = Text(
    "Gå til [Log på](login:choose), og vælg **Unilogin**.",
    "Go to [Log in](login:choose), and choose **Unilogin**.",
)
ASK_FOR_THE_NAME_PAGE = Text(
    "Vælg **Få mit eller mit barns brugernavn** under Andre muligheder.",
    "Choose **Get my or my child's user name** under Other options.",
)
LOG_IN_WITH_MITID = Text("Tryk **Brug MitID**, og log på.", "Press **Use MitID**, and log in.")
CREATE_THE_FIRST_TIME = Text(
    "Er det første gang, så tryk **Klik for at oprette bruger**.",
    "The first time, press **Click to create your user**.",
)
PRESS_FINISH = Text(
    "Skriv brugernavnet ned, og tryk **Afslut**.",
    "Write the user name down, and press **Finish**.",
)
TYPE_NAME = Text(
    "Gå til [Log på](login:choose), vælg **Unilogin**, skriv dit brugernavn, og tryk **Næste**.",
    "Go to [Log in](login:choose), choose **Unilogin**, enter your user name, and press **Next**.",
)
TYPE_CHILDS_NAME = Text(
    "Gå til [Log på](login:choose), vælg **Unilogin**, og lad barnet skrive sit brugernavn. Tryk **Næste**.",
    "Go to [Log in](login:choose), choose **Unilogin**, and let the child enter their user name. Press **Next**.",
)
KEEP_OR_MAKE = Text(
    "Vi viser en ny adgangskode. Tryk **Bekræft** for at bruge den, eller **Lav min egen adgangskode**.",
    "We show a new password. Press **Confirm** to use it, or **Choose my own password**.",
)
REPEAT = Text("Gentag adgangskoden, og tryk **Næste**.", "Repeat the password, and press **Next**.")
WRITE_TO_SUPPORT = Text("Spørgsmål? [Kontakt support](#support).", "Questions? [Contact support](#support).")
