try {
  for (const name of ["theme", "density"]) {
    const value = localStorage.getItem("baton." + name);
    if (value) document.documentElement.dataset[name] = value;
  }
} catch {}
