#include "tests/paths.h"

std::string source_path(const std::string& file) { return CHAINETTE_SOURCE_DIR "/" + file; }
std::string build_path(const std::string& program) { return CHAINETTE_BUILD_DIR "/" + program; }
