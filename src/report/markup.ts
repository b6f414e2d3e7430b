const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as HTML and XML have it, in elements and attributes: what a client sent is shown, never run. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one)
