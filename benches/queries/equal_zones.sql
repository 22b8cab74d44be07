SELECT zone FROM zones WHERE latest >= ?1 AND earliest <= ?2
