// The state of a page's controls, kept in its address: a link to the page is a link to what it shows.

/** Fill the form's fields from the address, and keep the address as the fields are. */
export const keepInAddress = (form) => {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const field of form.elements) {
    if (!field.name || !given.has(field.name)) continue;
    const before = field.value;
    field.value = given.get(field.name);
    if (!field.value) field.value = before; // a choice that there isn't
  }
  form.addEventListener("change", () => history.replaceState(history.state, "", `#${new URLSearchParams(new FormData(form))}`));
};
