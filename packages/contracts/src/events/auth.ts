import { z } from 'zod';
import { id, version } from './common.js';

const user = z.object({ userId: id, version });

export const authEvents = {
  'user.created': user,
  'user.locked': user,
  'user.role-changed': user,
} as const;
