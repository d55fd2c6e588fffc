import { msg } from '@lingui/core/macro';

/** What the codes of wearable and alert mean to people. */
export const watchProblems = {
  'DEVICE.NOT_YOURS': {
    title: msg`This is not for you to see or do`,
    advice: msg`It is for the patient, who acts for them in the medical record, and who treats them.`,
  },
  'DEVICE.TOO_MANY': {
    title: msg`There are fifty devices already`,
    advice: msg`Take away one that is no longer used, then pair this one.`,
  },
  'DEVICE.PATIENT_ERASED': {
    title: msg`The data of this patient has been erased`,
    advice: msg`Nothing personal is left to be shown.`,
  },
  'READING.TOO_MANY_POINTS': {
    title: msg`There are more readings than a curve can show`,
    advice: msg`Choose a shorter time, or look at them by the hour or by the day.`,
  },
  'ALERT.OVER': {
    title: msg`This alert is over`,
    advice: msg`What is measured is normal again, or readings that came later showed that it was none. Look at it again.`,
  },
  'ALERT.SNOOZE_TOO_LONG': {
    title: msg`The rule of this alert does not let it be quiet for so long`,
    advice: msg`Choose a shorter time, acknowledge it, or hand it over.`,
  },
  'ALERT.NOBODY_REACHABLE': {
    title: msg`Nobody would be reached`,
    advice: msg`Nothing was changed. Choose somebody who works here and has an address at each step.`,
  },
  'ALERT.FOLLOWED_TOO_OFTEN': {
    title: msg`You follow alerts in enough tabs already`,
    advice: msg`Close one of them. Until then this list is read again every few seconds.`,
  },
  'ALERT_RULE.INVALID': {
    title: msg`The rule cannot be run like this`,
    advice: msg`Nothing was stored, and nothing that you typed is lost. See what is said below.`,
  },
  'ALERT_RULE.NOT_TESTED': {
    title: msg`This version was not tested in the last day`,
    advice: msg`Test it on stored readings first, or sign below why it is to watch without.`,
  },
  'ALERT_RULE.OVER_BUDGET': {
    title: msg`The rule would ring more often than the practice allows`,
    advice: msg`Change its limits and test it again, or sign below why it is turned on all the same.`,
  },
  'ALERT_RULE.GAP_STAYS': {
    title: msg`A rule for missing readings cannot be turned off`,
    advice: msg`It can be given another time for a patient, and nothing more: so no one is forgotten in silence.`,
  },
  'BACK_TEST.TOO_MUCH': {
    title: msg`There are too many readings for one test`,
    advice: msg`Choose fewer days.`,
  },
  'QUESTION.NOT_FOUND': {
    title: msg`This is asked no more`,
    advice: msg`A colleague answered it, or it is not for you. Look at the list again.`,
  },
};
