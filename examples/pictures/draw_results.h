#pragma once

#include <string>
#include <vector>

namespace pictures {

// Draws what a training has left in a folder: its log as loss.png, its graph.dot as graph.png. What
// is not there is passed over: a finished training that is resumed into another folder writes
// neither. Returns a sentence for each picture that cannot be drawn on this machine.
std::vector<std::string> draw_results(const std::string& folder);

}  // namespace pictures
