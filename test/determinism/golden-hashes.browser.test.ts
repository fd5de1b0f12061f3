/** The golden hashes in Chromium. */
import { chromiumPlatform } from '../conformance/chromium-platform.ts';
import { goldenHashesSuite } from './golden-suite.ts';

goldenHashesSuite(chromiumPlatform);
