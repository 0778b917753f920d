/** Which media have users brought in, who has them, and how do they stand? */
package dev.mediaferry.uploads;
