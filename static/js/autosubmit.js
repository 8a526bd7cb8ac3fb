/* Sends the form that only passes something on; without script its button does. */
document.querySelectorAll('form[data-autosubmit]').forEach((form) => form.submit());
