/** The compiled kernels, as the commands take them: `src/runs/kernel-module.ts` has them, for those who are no command. */
export { engineVersion, type KernelModule, loadKernelModule } from '../runs/kernel-module.ts';
