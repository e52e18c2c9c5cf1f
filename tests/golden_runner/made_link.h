#pragma once

#include <optional>

#include "nn/link.h"
#include "tests/golden_runner/table.h"

// How the manifest says a link is made.
namespace golden {

// Gives the link the parameters that the case has stored.
void set_parameters(nn::Link& link, const Call& c);

void add_recurrent_links(Table& table);

}  // namespace golden
