import type { Act } from '../domain/links/visit-link.js';
import type { AnswerRefused } from '../domain/neighbours.js';
import type { Language } from '../domain/templates/language.js';

interface Texts {
  title: (when: string) => string;
  /** Above what is of no visit. */
  link: string;
  confirm: string;
  cancel: string;
  move: string;
  noTimes: string;
  late: string;
  minutes: (minutes: number) => string;
  /** @param start of a move: to when */
  planned: (act: Act, start?: string) => string;
  begun: string;
  undo: string;
  done: Record<Act, string>;
  cancelled: string;
  moved: (when: string) => string;
  refused: (why: AnswerRefused | 'too-early', lateFrom: string) => string;
  nowhere: string;
  away: string;
  otherwise: string;
  call: (phone: string) => string;
  signIn: string;
}

const frSoon = 'dans dix secondes. Vous pouvez fermer cette page.';
const enSoon = 'in ten seconds. You may close this page.';

/** What the pages of links say, in plain words and with nothing of who comes, to whom or why. */
export const visitLinkTexts: Record<Language, Texts> = {
  fr: {
    title: (when) => `Rendez-vous du ${when}`,
    link: 'Votre lien',
    confirm: 'Confirmer ma venue',
    cancel: 'Annuler ce rendez-vous',
    move: 'Déplacer ce rendez-vous',
    noTimes: 'Aucun autre horaire n’est libre dans les prochaines semaines.',
    late: 'Signaler un retard',
    minutes: (minutes) => `Environ ${minutes} minutes`,
    planned: (act, start) =>
      ({
        confirm: `Votre venue sera confirmée ${frSoon}`,
        cancel: `Le rendez-vous sera annulé ${frSoon}`,
        late: `Le cabinet sera prévenu de votre retard ${frSoon}`,
        move: `Le rendez-vous sera déplacé au ${start} ${frSoon}`,
      })[act],
    begun: 'C’est en cours.',
    undo: 'Revenir en arrière',
    done: {
      confirm: 'C’est noté : votre venue est confirmée.',
      cancel: 'Ce rendez-vous est annulé.',
      late: 'C’est noté : le cabinet sait que vous serez en retard.',
      move: 'Ce rendez-vous est déplacé.',
    },
    cancelled: 'Ce rendez-vous est annulé.',
    moved: (when) => `Ce rendez-vous a été déplacé. Il aura lieu ${when}.`,
    refused: (why, lateFrom) =>
      ({
        'too-late': 'Il est trop tard pour le faire en ligne.',
        'too-early': `Vous pourrez signaler un retard à partir de ce moment : ${lateFrom}.`,
        taken: 'Cet horaire vient d’être pris. Rien n’a changé.',
        changed: 'Ce rendez-vous vient de changer. Rien n’a été fait.',
        'not-possible': 'Cela n’a pas pu être fait. Rien n’a changé.',
      })[why],
    nowhere: 'Ce lien ne mène nulle part, ou n’est plus valable.',
    away: 'Ce lien ne peut pas être ouvert pour le moment. Rien n’a changé. Réessayez dans une minute.',
    otherwise: 'Autrement :',
    call: (phone) => `appeler le cabinet au ${phone}`,
    signIn: 'se connecter',
  },
  en: {
    title: (when) => `Appointment of ${when}`,
    link: 'Your link',
    confirm: 'Confirm that I come',
    cancel: 'Cancel this appointment',
    move: 'Move this appointment',
    noTimes: 'No other time is free in the next weeks.',
    late: 'Say that I will be late',
    minutes: (minutes) => `About ${minutes} minutes`,
    planned: (act, start) =>
      ({
        confirm: `That you come will be confirmed ${enSoon}`,
        cancel: `The appointment will be cancelled ${enSoon}`,
        late: `The practice will be told that you are late ${enSoon}`,
        move: `The appointment will be moved to ${start} ${enSoon}`,
      })[act],
    begun: 'It is being done.',
    undo: 'Undo',
    done: {
      confirm: 'Done: the practice knows that you come.',
      cancel: 'This appointment is cancelled.',
      late: 'Done: the practice knows that you will be late.',
      move: 'This appointment is moved.',
    },
    cancelled: 'This appointment is cancelled.',
    moved: (when) => `This appointment was moved. It is now on ${when}.`,
    refused: (why, lateFrom) =>
      ({
        'too-late': 'It is too late to do this online.',
        'too-early': `You can say that you will be late from then on: ${lateFrom}.`,
        taken: 'Somebody else has just taken this time. Nothing has changed.',
        changed: 'This appointment has just changed. Nothing was done.',
        'not-possible': 'This could not be done. Nothing has changed.',
      })[why],
    nowhere: 'This link leads nowhere, or is no longer good.',
    away: 'This link cannot be opened at the moment. Nothing has changed. Try again in a minute.',
    otherwise: 'Otherwise:',
    call: (phone) => `call the practice on ${phone}`,
    signIn: 'sign in',
  },
};
