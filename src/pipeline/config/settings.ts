export { exploreSettings, type ClockWord, type ExploreSettings, type SaidSettings } from "../../explore/explore-settings.js";
