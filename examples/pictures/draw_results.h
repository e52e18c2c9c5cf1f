#pragma once

#include <functional>
#include <string>
#include <vector>

namespace pictures {

// Draws a picture by a program that may be missing. If it is not installed or fails, adds a
// sentence about the picture, which is called `name`, to `missing`. Returns whether it was drawn.
bool draw_if_possible(const std::string& name, const std::function<void()>& draw,
                      std::vector<std::string>& missing);

// Draws what a training has left in a folder: its log as loss.png, its graph.dot as graph.png. What
// is not there is passed over: a finished training that is resumed into another folder writes
// neither. Returns a sentence for each picture that cannot be drawn on this machine.
std::vector<std::string> draw_results(const std::string& folder);

}  // namespace pictures
