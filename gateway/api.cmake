add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/openapi.c
  COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/openapi.json -DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/openapi.c
    -DNAME=openapi_json -P ${CMAKE_CURRENT_SOURCE_DIR}/embed.cmake
  DEPENDS openapi.json embed.cmake)
target_sources(lectern PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/openapi.c)
