import { msg } from '@lingui/core/macro';

/** What codes mean that the desk and administrators alone meet; `problem-words.ts` has all others. */
export const deskProblems = {
  'IMPORT.HEADER': {
    title: msg`The first line does not name the columns of this import`,
    advice: msg`Nothing was taken. See whether the right kind is chosen, and what is said of each column.`,
  },
  'IMPORT.NOT_CSV': {
    title: msg`This is no CSV file`,
    advice: msg`Nothing was taken. Save it as “CSV UTF-8” in the spreadsheet, and choose that file.`,
  },
  'IMPORT.NOT_TEXT': {
    title: msg`This is no CSV file`,
    advice: msg`Nothing was taken. Save it as “CSV UTF-8” in the spreadsheet, and choose that file.`,
  },
  'IMPORT.WRONG_ENCODING': {
    title: msg`The letters of the file are written in another way`,
    advice: msg`Nothing was taken. Choose how it was saved, often Windows, and try it out again.`,
  },
  'IMPORT.CHARSET_UNKNOWN': {
    title: msg`The letters of the file are written in a way that is not known`,
    advice: msg`Nothing was taken. Choose another way, or save the file as “CSV UTF-8”.`,
  },
  'IMPORT.MALFORMED': {
    title: msg`The file cannot be read as CSV`,
    advice: msg`Nothing was taken. Mend the line that is named, then choose the file again.`,
  },
  'IMPORT.TOO_MANY_COLUMNS': {
    title: msg`A line of the file has too many values`,
    advice: msg`Nothing was taken. Mend the line that is named, then choose the file again.`,
  },
  'IMPORT.LINE_TOO_LONG': {
    title: msg`A line of the file is too long`,
    advice: msg`Nothing was taken. Mend the line that is named, then choose the file again.`,
  },
  'IMPORT.TOO_MANY_LINES': {
    title: msg`The file has more than 50,000 lines`,
    advice: msg`Nothing was taken. Split it: a part that is imported twice creates nothing twice.`,
  },
  'AUTH.LINK_TAKEN': {
    title: msg`Somebody else signs in as this person already`,
    advice: msg`Nobody gets a second way in. Give whoever has lost the password a code for their own.`,
  },
  'AUTH.LAST_ADMIN': {
    title: msg`Nobody would be left to administer`,
    advice: msg`Nothing was changed. Make somebody else an administrator first.`,
  },
  'AUTH.TOO_MANY_INVITATIONS': {
    title: msg`This address was sent enough invitations`,
    advice: msg`Wait as long as is said, or invite them on paper.`,
  },
  'AUTH.NO_SUCH_INVITATION': {
    title: msg`This invitation is no longer open`,
    advice: msg`It was accepted, withdrawn or replaced, or has run out. See which are open now.`,
  },
  'PRACTITIONER.RPPS_TAKEN': {
    title: msg`Another practitioner has this RPPS number`,
    advice: msg`Compare it with the card. If it is the same person, change what is here of them.`,
  },
  'PRACTITIONER.POSSIBLE_DUPLICATE': {
    title: msg`Somebody of this name is here already`,
    advice: msg`Nothing was stored. Compare them before you add another.`,
  },
  'NOTIFICATION.UNDER_WAY': {
    title: msg`This message is still to leave`,
    advice: msg`Nothing was sent again. See here in a moment what became of it.`,
  },
  'NOTIFICATION.TOO_MANY_WEBHOOKS': {
    title: msg`Twenty programs are told already`,
    advice: msg`Remove one that nobody needs any more, then try again.`,
  },
  'NOTIFICATION.WEBHOOK_DISABLED': {
    title: msg`This program wants nothing more`,
    advice: msg`Tell it again from now on first, at the top of its page.`,
  },
  'NOTIFICATION.NO_LONGER_SO': {
    title: msg`What this message says is no longer so`,
    advice: msg`Nothing was sent again: the appointment was changed since, or has begun.`,
  },
  'CALENDAR.NOT_USABLE': {
    title: msg`The calendar cannot be used like this`,
    advice: msg`Nothing was changed, and nothing that you typed is lost. See what is said at the field.`,
  },
  'CALENDAR.TOO_MANY': {
    title: msg`There are enough calendars already`,
    advice: msg`Disconnect one that is no longer used, then connect this one.`,
  },
  'CALENDAR.GOOGLE_NOT_CONFIGURED': {
    title: msg`This practice is not registered at Google`,
    advice: msg`Give a private address instead: Google shows it in the settings of each calendar, as its secret address in iCal format.`,
  },
  'CALENDAR.STATE_INVALID': {
    title: msg`The calendar was not connected`,
    advice: msg`Begin again: what Google answers counts once, within ten minutes, and only for the person who began.`,
  },
  'ACCESS.NOT_YOUR_CALENDARS': {
    title: msg`This is for the practitioner, or a secretary of all agendas`,
    advice: msg`Ask one of them to do it.`,
  },
};
