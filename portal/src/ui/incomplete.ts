/** What is said of a field that is not right is said as soon as the focus is there: nobody has to look for it. */
export function toFirstProblem(form: Element | null | undefined): void {
  form?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
}

/** What a field, or a group of some, is called. */
function nameOf(field: Element): string {
  const group = field.closest('fieldset')?.querySelector('legend');
  const label = field.matches('[type=radio], [type=checkbox]') ? group : (field as HTMLInputElement).labels?.[0];
  return label?.textContent?.trim() ?? '';
}

/** Names of the fields of a form that are not right, each once. */
const problemsIn = (form: Element): string[] => [
  ...new Set([...form.querySelectorAll('[aria-invalid=true]')].map(nameOf).filter(Boolean)),
];

/**
 * Whoever sends a form that is not complete is led to the first field that lacks something, and hears which all are.
 * @param say how their names are said
 * @returns what ends it
 */
export function leadToProblems(say: (names: string[]) => string): () => void {
  const look = ({ target: form }: Event) => {
    if (!(form instanceof HTMLFormElement)) return;
    // Once what is wrong stands at the fields.
    requestAnimationFrame(() => {
      const names = problemsIn(form);
      form.querySelector('[data-incomplete]')?.remove();
      if (names.length === 0) return;
      toFirstProblem(form);
      const said = document.createElement('p');
      said.dataset.incomplete = '';
      said.role = 'alert';
      said.className = 'sr-only';
      said.textContent = say(names);
      // Within the form: over a page that is covered by a dialog nothing else is heard.
      form.append(said);
    });
  };
  addEventListener('submit', look);
  return () => removeEventListener('submit', look);
}
