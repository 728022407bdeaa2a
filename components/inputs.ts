export type { Wrapped as Inputs } from "../provider/resources/wrapped";
