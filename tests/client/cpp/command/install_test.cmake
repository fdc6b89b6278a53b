# Installs the component `command` of the build BUILD into a folder of its own, and looks at it.
set(prefix ${BUILD}/install_test)
file(REMOVE_RECURSE ${prefix})
execute_process(
  COMMAND ${CMAKE_COMMAND} --install ${BUILD} --component command --prefix ${prefix}
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
foreach(file bin/rectifier
             share/man/man1/rectifier.1
             share/bash-completion/completions/rectifier
             share/zsh/vendor-completions/_rectifier
             share/fish/vendor_completions.d/rectifier.fish)
  file(SIZE ${prefix}/${file} size)
  if(size EQUAL 0)
    message(FATAL_ERROR "${file} is empty")
  endif()
endforeach()
file(REMOVE_RECURSE ${prefix})
