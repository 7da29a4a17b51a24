/**
 * Where the browser does not let a page copy: the text to be copied by hand, or saved.
 *
 * @param save as a file
 */
export function offer(text: string, save: () => void): void {
  const dialog = document.createElement('dialog');
  dialog.className = 'chart-offer';
  dialog.ariaLabel = 'Data to copy';
  const words = document.createElement('p');
  words.textContent =
    'The browser does not let this page copy. The data are selected: copy them by the keyboard, or save them.';
  const area = document.createElement('textarea');
  Object.assign(area, { value: text, readOnly: true, rows: 10, ariaLabel: 'Data, separated by tabs' });
  dialog.append(
    words,
    area,
    button('Save as .tsv', save),
    button('Close', () => dialog.close()),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  area.focus();
  area.select();
  area.scrollTo(0, 0);
}

/** A button that does something. */
export function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}
