import "uplot/dist/uPlot.min.css";
import "./style.css";

import { render } from "preact";

import { App } from "./app";

const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no element #page");
render(<App />, page);
