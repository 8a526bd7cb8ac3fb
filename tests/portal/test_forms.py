"""The form templates: every kind of field gets a label, a hint and an error that belong together."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.template import engines
from lxml import html

PAGE = "{% load crispy_forms_tags %}<form>{{ form|crispy }}</form>"


def rendered(form, template=PAGE):
    return html.fromstring(engines["django"].from_string(template).render({"form": form}))


@pytest.fixture
def empty(every_control):
    return rendered(every_control())


@pytest.fixture
def refused(every_control):
    return rendered(every_control({"way": "x"}))


def test_every_control_has_a_label_of_its_own(empty):
    ids = [control.get("id") for control in empty.xpath("//input[@type!='hidden']|//select|//textarea")]
    assert len(ids) == len(set(ids))
    for control_id in ids:
        assert empty.xpath(f"//label[@for='{control_id}']"), control_id


def test_controls_carry_the_design_systems_classes(empty):
    kinds = {"name": "form-input", "note": "form-input", "password": "input-width-s form-input", "level": "form-select"}
    for name, css in kinds.items():
        assert empty.xpath(f"//*[@name='{name}']/@class") == [css]
    assert empty.xpath("//*[@name='way']/@class") == ["form-radio"] * 2
    assert empty.xpath("//*[@name='days']/@class") == ["form-checkbox"] * 2
    assert empty.xpath("//*[@name='sure']/@class") == ["form-checkbox"]


def test_groups_of_choices_stand_in_a_fieldset_with_a_legend(empty):
    legends = [legend.text_content().strip() for legend in empty.xpath("//fieldset/legend")]
    assert legends == ["Vej ind", "Dage (frivilligt)"]


def test_only_what_may_stay_empty_is_marked(empty):
    labels = empty.xpath("//label|//legend")
    marked = [label.text_content().strip() for label in labels if "frivilligt" in label.text_content()]
    assert marked == ["Bemærkning (frivilligt)", "Dage (frivilligt)", "Fil (frivilligt)"]


def test_a_hint_is_read_with_its_field(empty):
    assert empty.xpath("//*[@name='name']/@aria-describedby") == ["id_name_helptext"]
    assert empty.get_element_by_id("id_name_helptext").text_content() == "Som det står i systemet"
    assert empty.xpath("//fieldset/@aria-describedby") == ["id_way_helptext"]


def test_an_error_is_read_with_its_field_after_the_hint(refused):
    name = refused.xpath("//*[@name='name']")[0]
    assert name.get("aria-invalid") == "true"
    assert name.get("aria-describedby") == "id_name_helptext id_name_error"
    assert refused.get_element_by_id("id_name_error").text_content().startswith("Fejl: ")
    assert "form-error" in name.getparent().get("class")


def test_two_or_more_errors_are_summed_up_with_links_to_the_fields(refused):
    [summary] = refused.find_class("alert-error")
    links = summary.xpath(".//a/@href")
    assert links == ["#id_name", "#id_password", "#id_level", "#id_way_0", "#id_begins", "#id_sure"]
    for link in links:
        assert refused.get_element_by_id(link[1:]) is not None
    assert summary.xpath(".//h2")[0].text_content() == "Ret 6 ting, før du går videre"
    assert summary.get("data-module") == "error-summary"


def test_errors_are_listed_in_the_order_of_the_fields_whenever_they_were_found():
    class Report(forms.Form):
        first = forms.CharField(required=False)
        second = forms.CharField(label="Den anden")

        def clean(self):
            self.add_error("first", "Den første passer ikke.")

    [summary] = rendered(Report({})).find_class("alert-error")
    assert summary.xpath(".//a/@href") == ["#id_first", "#id_second"]


def test_a_single_error_stands_at_its_field_and_the_field_has_the_focus():
    class OneField(forms.Form):
        username = forms.CharField(label="Brugernavn")

    page = rendered(OneField({}))
    assert not page.find_class("alert-error")
    assert page.xpath("//*[@name='username']/@autofocus")


def test_an_error_of_the_whole_form_is_one_alert_and_marks_no_field():
    class Login(forms.Form):
        password = forms.CharField()

        def clean(self):
            raise forms.ValidationError("Brugernavn eller adgangskode er forkert.")

    page = rendered(Login({"password": "x"}))
    [alert] = page.find_class("alert-error")
    assert alert.get("role") == "alert"
    assert "Brugernavn eller adgangskode er forkert." in alert.text_content()
    assert not page.find_class("form-error")


def test_a_date_is_asked_for_by_the_browser_and_shown_as_it_wants_it():
    class Begin(forms.Form):
        begins = forms.DateField(widget=forms.DateInput, initial="2026-11-20")

    field = rendered(Begin()).xpath("//*[@name='begins']")[0]
    assert (field.get("type"), field.get("value")) == ("date", "2026-11-20")
    assert Begin({"begins": "2026-11-20"}).is_valid()


def test_what_people_type_is_never_markup(every_control):
    page = engines["django"].from_string(PAGE).render({"form": every_control({"name": "<script>x</script>" * 3})})
    assert "<script>" not in page


def test_the_tag_with_a_helper_writes_a_whole_form(every_control):
    form = every_control()
    form.helper = FormHelper()
    form.helper.add_input(Submit("next", "Næste"))
    page = rendered(form, "{% load crispy_forms_tags %}{% crispy form %}")
    assert page.tag == "form"
    assert page.get("method") == "post"
    assert page.xpath("//button/@class") == ["button button-primary"]
