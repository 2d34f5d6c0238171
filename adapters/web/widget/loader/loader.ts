document.currentScript?.setAttribute("data-baton", "loaded");
