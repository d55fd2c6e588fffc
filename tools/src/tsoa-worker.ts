import { readFileSync } from 'node:fs';
import { generateSpecAndRoutes } from 'tsoa';
import ts from 'typescript';

// Runs in a service's folder and writes its routes and its specification. A process of its own, because tsoa reads paths
// from the working folder and ends the process when a controller is wrong.
const read = (file: string) => ts.readConfigFile(file, (path) => readFileSync(path, 'utf8')).config;
const { options } = ts.convertCompilerOptionsFromJson(read('../../tsconfig.base.json').compilerOptions, process.cwd());
const configuration = { ...read('tsoa.json'), compilerOptions: options };
// One name for one operation, also when two controllers have a method of the same name.
configuration.spec.operationIdTemplate ??= '{{controllerName}}.{{method.name}}';
await generateSpecAndRoutes({ configuration });
