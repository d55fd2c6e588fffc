import { fileUrl } from '@cabinet/kit/pages/files';
import { type Html, html } from '@cabinet/kit/pages/html';
import { oneClick } from './text-bodies.js';

type Language = 'fr' | 'en';

const texts = {
  fr: {
    title: 'Ne plus recevoir ces messages',
    what: {
      reminders: 'Ne plus recevoir les rappels de rendez-vous par courrier électronique ?',
      messages: 'Ne plus recevoir les messages du cabinet par courrier électronique ?',
    },
    act: 'Ne plus les recevoir',
    done: 'C’est fait. Dans l’espace patient, vous pouvez choisir à tout moment ce que vous recevez.',
  },
  en: {
    title: 'Unsubscribe',
    what: {
      reminders: 'No more reminders of appointments by e-mail?',
      messages: 'No more messages of the practice by e-mail?',
    },
    act: 'Unsubscribe',
    done: 'Done. In the portal you can choose at any time what you receive.',
  },
} as const;

/** Asks whether somebody means it, or says that it is done. Its form posts to where the page stands. */
export function unsubscribePage(
  { topic, language, isDone }: { topic: string; language: Language; isDone: boolean },
  practice: string,
): string {
  const { title, what, act, done } = texts[language];
  const [name, value] = oneClick;
  const question = what[topic === 'reminders' ? 'reminders' : 'messages'];
  return frame(
    { language, title, practice },
    isDone
      ? html`<p role="status">${done}</p>`
      : html`<p>${question}</p>
<form method="post"><input type="hidden" name="${name}" value="${value}">
<p class="actions"><button type="submit">${act}</button></p></form>`,
  );
}

interface Framed {
  language: Language;
  title: string;
  practice: string;
  /** It is asked for again after so long. */
  refreshSeconds?: number;
}

/** A page that somebody reaches from a message. */
export const frame = ({ language, title, practice, refreshSeconds }: Framed, content: Html): string =>
  html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">${
    refreshSeconds === undefined
      ? undefined
      : html`
<meta http-equiv="refresh" content="${refreshSeconds}">`
  }
<title>${title} – ${practice}</title>
<link rel="icon" type="image/svg+xml" href="${fileUrl('icon.svg')}">
<link rel="stylesheet" href="${fileUrl('cabinet.css')}">
</head>
<body>
<main id="main">
<h1>${title}</h1>
<p>${practice}</p>
${content}
</main>
</body>
</html>
`.text;
