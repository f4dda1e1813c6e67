import { Semblance } from "semblance-clip";
import pocket from "semblance-pocket";
import { exercise } from "./exercise.js";

Object.assign(window, { exercised: exercise(Semblance, pocket) });
