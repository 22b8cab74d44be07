SELECT zone, earliest, latest FROM zones
