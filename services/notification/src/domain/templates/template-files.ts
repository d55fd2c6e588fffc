import type { Language } from './language.js';
import type { Template, TemplateName, TemplateText } from './template.js';

/** The texts that come with the platform. Who changes one raises its version: the ledger says which left. */
const files: Record<TemplateName, Record<Language, TemplateText> & { version: number }> = {
  confirmation: {
    version: 2,
    fr: {
      subject: 'Rendez-vous confirmé – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nNous confirmons {{yourVisit}} :\n{{visits}}\n\nPour le voir : {{link}}\n\nSans mot de passe :\n{{choices}}\n\n{{practice}}',
      short: '{{practice}} : rendez-vous confirmé, {{times}}. {{visitLink}}',
    },
    en: {
      subject: 'Appointment confirmed – {{practice}}',
      text: 'Dear {{recipient}},\n\nWe confirm {{yourVisit}}:\n{{visits}}\n\nTo see it: {{link}}\n\nWithout a password:\n{{choices}}\n\n{{practice}}',
      short: '{{practice}}: appointment confirmed, {{times}}. {{visitLink}}',
    },
  },
  reminder: {
    version: 2,
    fr: {
      subject: 'Rappel de rendez-vous – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nNous vous rappelons {{yourVisit}} :\n{{visits}}\n\nUn empêchement ? Prévenez-nous, quelqu’un d’autre attend peut-être. Sans mot de passe :\n{{choices}}\n\nPour le voir : {{link}}\n\n{{practice}}',
      short: '{{practice}} : rappel, {{times}}. Empêchement ? {{visitLink}}',
    },
    en: {
      subject: 'Appointment reminder – {{practice}}',
      text: 'Dear {{recipient}},\n\nThis is a reminder of {{yourVisit}}:\n{{visits}}\n\nCannot come? Tell us, somebody else may be waiting. Without a password:\n{{choices}}\n\nTo see it: {{link}}\n\n{{practice}}',
      short: '{{practice}}: reminder, {{times}}. Cannot come? {{visitLink}}',
    },
  },
  moved: {
    version: 2,
    fr: {
      subject: 'Rendez-vous déplacé – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nNous avons déplacé {{yourVisit}}, prévu {{oldTime}}. Il aura lieu :\n{{visits}}\n\nPour le voir : {{link}}\n\nSans mot de passe :\n{{choices}}\n\n{{practice}}',
      short: '{{practice}} : rendez-vous déplacé, maintenant {{times}}. {{visitLink}}',
    },
    en: {
      subject: 'Appointment moved – {{practice}}',
      text: 'Dear {{recipient}},\n\nWe have moved {{yourVisit}}, which was to be on {{oldTime}}. It is now:\n{{visits}}\n\nTo see it: {{link}}\n\nWithout a password:\n{{choices}}\n\n{{practice}}',
      short: '{{practice}}: appointment moved, now {{times}}. {{visitLink}}',
    },
  },
  cancelled: {
    version: 1,
    fr: {
      subject: 'Rendez-vous annulé – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nC’est noté : {{yourVisit}} n’aura pas lieu.\n{{visits}}\n\nPour en prendre un autre : {{link}}\n\n{{practice}}',
      short: '{{practice}} : rendez-vous annulé, {{times}}. {{link}}',
    },
    en: {
      subject: 'Appointment cancelled – {{practice}}',
      text: 'Dear {{recipient}},\n\nThis is to confirm that {{yourVisit}} will not take place.\n{{visits}}\n\nTo book another one: {{link}}\n\n{{practice}}',
      short: '{{practice}}: appointment cancelled, {{times}}. {{link}}',
    },
  },
  'cancelled-by-practice': {
    version: 1,
    fr: {
      subject: 'Rendez-vous annulé par le cabinet – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nNous ne pourrons pas assurer {{yourVisit}} et vous prions de nous en excuser :\n{{visits}}\n\nPour en prendre un autre : {{link}}\n\n{{practice}}',
      short: '{{practice}} : nous devons annuler le rendez-vous, {{times}}. Pour en prendre un autre : {{link}}',
    },
    en: {
      subject: 'Appointment cancelled by the practice – {{practice}}',
      text: 'Dear {{recipient}},\n\nWe are sorry: we have had to cancel {{yourVisit}}.\n{{visits}}\n\nTo book another one: {{link}}\n\n{{practice}}',
      short: '{{practice}}: we have had to cancel the appointment, {{times}}. To book another one: {{link}}',
    },
  },
  declined: {
    version: 1,
    fr: {
      subject: 'Votre demande de rendez-vous – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nNous ne pouvons pas donner suite à cette demande de rendez-vous :\n{{visits}}\n\nPour choisir un autre moment : {{link}}\n\n{{practice}}',
      short: '{{practice}} : demande de rendez-vous non retenue, {{times}}. Pour choisir un autre moment : {{link}}',
    },
    en: {
      subject: 'Your request for an appointment – {{practice}}',
      text: 'Dear {{recipient}},\n\nWe are sorry: we cannot accept this request for an appointment:\n{{visits}}\n\nTo choose another time: {{link}}\n\n{{practice}}',
      short:
        '{{practice}}: we cannot accept the request for an appointment, {{times}}. To choose another time: {{link}}',
    },
  },
  offer: {
    version: 1,
    fr: {
      subject: 'Un rendez-vous se libère – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nUn rendez-vous se libère :\n{{visits}}\n\nIl est gardé jusqu’au {{answerBy}}. Pour l’accepter ou le refuser : {{link}}\n\n{{practice}}',
      short: '{{practice}} : un rendez-vous se libère, {{times}}, gardé jusqu’au {{answerBy}}. {{link}}',
    },
    en: {
      subject: 'An appointment has become free – {{practice}}',
      text: 'Dear {{recipient}},\n\nAn appointment has become free:\n{{visits}}\n\nIt is kept until {{answerBy}}. To accept or decline it: {{link}}\n\n{{practice}}',
      short: '{{practice}}: an appointment has become free, {{times}}, kept until {{answerBy}}. {{link}}',
    },
  },
  'emergency-access': {
    version: 1,
    fr: {
      subject: 'Votre dossier a été ouvert en urgence – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nUn professionnel du cabinet a ouvert votre dossier en déclarant une urgence. Vous voyez qui, et pourquoi : {{link}}\n\n{{practice}}',
      short: '{{practice}} : votre dossier a été ouvert en urgence. {{link}}',
    },
    en: {
      subject: 'Your record was opened as an emergency – {{practice}}',
      text: 'Dear {{recipient}},\n\nSomebody of the practice opened your record, stating an emergency. You can see who, and why: {{link}}\n\n{{practice}}',
      short: '{{practice}}: your record was opened as an emergency. {{link}}',
    },
  },
  'password-reset': {
    version: 1,
    fr: {
      subject: 'Votre code – {{practice}}',
      text: 'Bonjour,\n\nVoici le code pour choisir un nouveau mot de passe : {{code}}\nIl est valable jusqu’au {{goodUntil}}.\n\nVous n’avez rien demandé ? Ignorez ce message.\n\n{{link}}\n\n{{practice}}',
      short: '{{practice}} : code {{code}}, valable jusqu’au {{goodUntil}}.',
    },
    en: {
      subject: 'Your code – {{practice}}',
      text: 'Hello,\n\nThis is the code to choose a new password: {{code}}\nIt is good until {{goodUntil}}.\n\nYou did not ask for it? Ignore this message.\n\n{{link}}\n\n{{practice}}',
      short: '{{practice}}: code {{code}}, good until {{goodUntil}}.',
    },
  },
  invitation: {
    version: 1,
    fr: {
      subject: 'Votre accès – {{practice}}',
      text: 'Bonjour,\n\nLe cabinet vous invite sur son portail. Votre code : {{code}}\nIl est valable jusqu’au {{goodUntil}}.\n\n{{link}}\n\n{{practice}}',
      short: '{{practice}} : votre code d’invitation {{code}}, valable jusqu’au {{goodUntil}}.',
    },
    en: {
      subject: 'Your access – {{practice}}',
      text: 'Hello,\n\nThe practice invites you to its portal. Your code: {{code}}\nIt is good until {{goodUntil}}.\n\n{{link}}\n\n{{practice}}',
      short: '{{practice}}: your invitation code {{code}}, good until {{goodUntil}}.',
    },
  },
  registration: {
    version: 1,
    fr: {
      subject: 'Votre inscription – {{practice}}',
      text: 'Bonjour,\n\nVoici le code pour terminer votre inscription : {{code}}\nIl est valable jusqu’au {{goodUntil}}.\n\nVous n’avez rien demandé ? Ignorez ce message.\n\n{{link}}\n\n{{practice}}',
      short: '{{practice}} : code d’inscription {{code}}, valable jusqu’au {{goodUntil}}.',
    },
    en: {
      subject: 'Your registration – {{practice}}',
      text: 'Hello,\n\nThis is the code to complete your registration: {{code}}\nIt is good until {{goodUntil}}.\n\nYou did not ask for it? Ignore this message.\n\n{{link}}\n\n{{practice}}',
      short: '{{practice}}: registration code {{code}}, good until {{goodUntil}}.',
    },
  },
  alert: {
    version: 1,
    fr: {
      subject: 'Une alerte vous attend – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nUne alerte sur des mesures vous attend. De qui, et pourquoi : {{link}}\n\nTant que personne ne l’a vue, d’autres sont prévenus à leur tour. Ce service n’est ni un dispositif médical certifié ni un service d’urgence.\n\n{{practice}}',
      short: '{{practice}} : une alerte vous attend. {{link}}',
    },
    en: {
      subject: 'An alert is waiting for you – {{practice}}',
      text: 'Dear {{recipient}},\n\nAn alert about readings is waiting for you. Whose, and why: {{link}}\n\nUntil somebody has seen it others are told in turn. This is no certified medical device and no emergency service.\n\n{{practice}}',
      short: '{{practice}}: an alert is waiting for you. {{link}}',
    },
  },
  'urgent-alert': {
    version: 1,
    fr: {
      subject: 'Alerte urgente – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nUne alerte de priorité haute sur des mesures vous attend. De qui, et pourquoi : {{link}}\n\nTant que personne ne l’a vue, d’autres sont prévenus à leur tour. Ce service n’est ni un dispositif médical certifié ni un service d’urgence.\n\n{{practice}}',
      short: '{{practice}} : ALERTE URGENTE, à voir maintenant. {{link}}',
    },
    en: {
      subject: 'Urgent alert – {{practice}}',
      text: 'Dear {{recipient}},\n\nAn alert of high priority about readings is waiting for you. Whose, and why: {{link}}\n\nUntil somebody has seen it others are told in turn. This is no certified medical device and no emergency service.\n\n{{practice}}',
      short: '{{practice}}: URGENT ALERT, to be seen now. {{link}}',
    },
  },
  'results-ready': {
    version: 1,
    fr: {
      subject: 'Un document vous attend – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nUn nouveau document, pour {{about}}, vous attend sur le portail : {{link}}\n\n{{practice}}',
      short: '{{practice}} : un document vous attend. {{link}}',
    },
    en: {
      subject: 'A document is waiting for you – {{practice}}',
      text: 'Dear {{recipient}},\n\nA new document, for {{about}}, is waiting for you on the portal: {{link}}\n\n{{practice}}',
      short: '{{practice}}: a document is waiting for you. {{link}}',
    },
  },
  'document-received': {
    version: 1,
    fr: {
      subject: 'Document bien reçu – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nNous avons bien reçu le document envoyé pour {{about}}. Vous le retrouvez sur le portail : {{link}}\n\n{{practice}}',
      short: '{{practice}} : document bien reçu. {{link}}',
    },
    en: {
      subject: 'Document received – {{practice}}',
      text: 'Dear {{recipient}},\n\nWe have received the document that was sent for {{about}}. You find it on the portal: {{link}}\n\n{{practice}}',
      short: '{{practice}}: document received. {{link}}',
    },
  },
  'call-us': {
    version: 1,
    fr: {
      subject: 'Merci de nous rappeler – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nMerci de rappeler le secrétariat, au sujet d’une question d’organisation pour {{about}}.\n\n{{practice}}\n{{link}}',
      short: '{{practice}} : merci de rappeler le secrétariat.',
    },
    en: {
      subject: 'Please call us – {{practice}}',
      text: 'Dear {{recipient}},\n\nPlease call the desk about something to be arranged for {{about}}.\n\n{{practice}}\n{{link}}',
      short: '{{practice}}: please call the desk.',
    },
  },
  'bring-documents': {
    version: 1,
    fr: {
      subject: 'Avant votre venue – {{practice}}',
      text: 'Bonjour {{recipient}},\n\nMerci d’apporter la carte Vitale et une pièce d’identité pour {{about}}.\n\n{{practice}}\n{{link}}',
      short: '{{practice}} : merci d’apporter la carte Vitale et une pièce d’identité.',
    },
    en: {
      subject: 'Before you come – {{practice}}',
      text: 'Dear {{recipient}},\n\nPlease bring the health insurance card and an identity document for {{about}}.\n\n{{practice}}\n{{link}}',
      short: '{{practice}}: please bring the health insurance card and an identity document.',
    },
  },
};

export const fileTemplate = (name: TemplateName, language: Language): Template => {
  const { version, ...texts } = files[name];
  return { name, language, version: `file:${version}`, ...texts[language] };
};
