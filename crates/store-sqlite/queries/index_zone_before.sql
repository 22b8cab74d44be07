SELECT zone FROM zones WHERE zone <= ?1 AND latest >= ?2 AND earliest <= ?3 ORDER BY zone DESC LIMIT 1
