package api_test

import "baton/adapters/api"

func routes() []api.Route { return api.Routes() }
