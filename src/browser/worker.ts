/** Started as a worker by `start-run.ts` and by itself: whatever a page's run needs of workers. */
import { joinModels } from '../runs/threads/shared-models.ts';
import { coordinate } from './coordinator.ts';
import { serveRoles } from './threads/serve-roles.ts';

serveRoles({ coordinate, join: joinModels });
