/**
 * landmark is where menus hang in the page: in its main part, so that whoever goes through the page by its parts finds no
 * menu outside of them. Dialogs are parts by themselves.
 */
export const landmark = (): HTMLElement => document.querySelector("main") ?? document.body;
