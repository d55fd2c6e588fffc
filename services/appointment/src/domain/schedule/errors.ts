import { NotFound } from '@cabinet/kit/errors';
import { errorCodes } from '../error-codes.js';

export class ResourceNotFound extends NotFound {
  constructor() {
    super('RESOURCE.NOT_FOUND', errorCodes['RESOURCE.NOT_FOUND'].title);
  }
}
