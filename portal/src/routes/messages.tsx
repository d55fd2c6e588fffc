import { createRoute } from '@tanstack/react-router';
import { deliveryWords, messageWords } from '../search-words.ts';
import { lazyOf } from './lazy.ts';
import { page, people } from './people.tsx';

const messages = createRoute({
  getParentRoute: () => people,
  path: '/messages',
  validateSearch: messageWords,
  component: lazyOf.messages(() => import('../pages/messages/messages.tsx'), 'Messages'),
});

const delivery = createRoute({
  getParentRoute: () => people,
  path: '/messages/delivery',
  validateSearch: deliveryWords,
  component: lazyOf.messages(() => import('../pages/messages/delivery.tsx'), 'Delivery'),
});

const unreachable = page({
  path: '/messages/unreachable',
  component: lazyOf.messages(() => import('../pages/messages/unreachable.tsx'), 'Unreachable'),
});

const policies = page({
  path: '/messages/policies',
  component: lazyOf.messages(() => import('../pages/messages/policies.tsx'), 'MessagePolicies'),
});

const templates = page({
  path: '/messages/templates',
  component: lazyOf.messages(() => import('../pages/messages/templates/templates.tsx'), 'MessageTemplates'),
});

const template = page({
  path: '/messages/templates/$name/$language',
  component: lazyOf.messages(() => import('../pages/messages/templates/template.tsx'), 'MessageTemplatePage'),
});

const webhooks = page({
  path: '/messages/webhooks',
  component: lazyOf.messages(() => import('../pages/messages/webhooks/webhooks.tsx'), 'Webhooks'),
});

const webhook = page({
  path: '/messages/webhooks/$webhookId',
  component: lazyOf.messages(() => import('../pages/messages/webhooks/webhook.tsx'), 'WebhookPage'),
});

/** All about messages, but what was sent to one patient. */
export const ofMessages = [messages, delivery, unreachable, policies, templates, template, webhooks, webhook] as const;
