declare module "virtual:messages/*" {
  const catalogs: import("./i18n").Catalogs;
  export default catalogs;
}
