export { iocContainer } from '@cabinet/service/http/controllers';
